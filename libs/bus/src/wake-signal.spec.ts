import { WakeSignal } from './wake-signal';

describe('a wake signal', () => {
  it('lets a waiting loop go on at once', async () => {
    const signal = new WakeSignal();
    const waiting = signal.wait(60_000);
    signal.wake();
    expect(await waiting).toBe(true);
  });

  it('does not forget a wake that came before the wait, and counts several as one', async () => {
    const signal = new WakeSignal();
    signal.wake();
    signal.wake();
    expect(await signal.wait(60_000)).toBe(true);
    expect(await signal.wait(5)).toBe(false);
  });

  it('lets the loop go on after the interval, not before', async () => {
    const began = performance.now();
    expect(await new WakeSignal().wait(50)).toBe(false);
    expect(performance.now() - began).toBeGreaterThanOrEqual(49);
  });
});
