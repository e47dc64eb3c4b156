import { newEventId, timeOfEventId } from './event-id';

describe('an event id', () => {
  it('is a UUID of version 7 and variant 10', () => {
    for (let i = 0; i < 600; i += 1)
      expect(newEventId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('begins with the moment, so that ids sort by time', () => {
    expect(newEventId(new Date(0))).toMatch(/^00000000-0000-7/);
    expect(newEventId(new Date(2 ** 48 - 1))).toMatch(/^ffffffff-ffff-7/);
    const ids = [3, 1, 2].map((ms) => newEventId(new Date(ms)));
    expect([...ids].sort()).toEqual([ids[1], ids[2], ids[0]]);
  });

  it('tells when it was made', () => {
    for (const ms of [0, 1, 1_763_800_000_123, 2 ** 48 - 1])
      expect(timeOfEventId(newEventId(new Date(ms))).getTime()).toBe(ms);
  });

  it('is never the same twice', () => {
    const now = new Date(0);
    expect(new Set(Array.from({ length: 20_000 }, () => newEventId(now))).size).toBe(20_000);
  });
});
