import { Gate } from './gate';

describe('a gate', () => {
  it('lets all through that wait, and later ones at once, until it is shut', async () => {
    const gate = new Gate<number>();
    const waiting = [gate.pass(60_000), gate.pass(Infinity)];
    gate.open(1);
    expect(await Promise.all(waiting)).toEqual([1, 1]);
    expect(await gate.pass(0)).toBe(1);
    gate.shut();
    expect([gate.current, await gate.pass(1)]).toEqual([null, null]);
  });

  it('lets nobody wait longer than they want', async () => {
    const began = performance.now();
    expect(await new Gate().pass(30)).toBeNull();
    expect(performance.now() - began).toBeGreaterThanOrEqual(29);
  });

  it('lets go of those who have another reason to stop waiting', async () => {
    expect(await new Gate().pass(Infinity, Promise.resolve())).toBeNull();
  });
});
