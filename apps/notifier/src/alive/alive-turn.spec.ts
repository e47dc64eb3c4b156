import { type AliveTurn, isFirstOfMonth, settingOf, turnAfter, turnFor } from './alive-turn';

const ZONE = 'Europe/Berlin';
const MONDAY_NINE = { weekday: 1, hour: 9, minute: 0 } as const;
const FRIDAY_NOON = { weekday: 5, hour: 12, minute: 0 } as const;
const DUE = new Date('2026-11-30T08:00:00.000Z');
const at = (ms: number): Date => new Date(DUE.getTime() + ms);
const known: AliveTurn = { setting: settingOf(MONDAY_NINE, ZONE), nextAt: DUE, saidAt: null };

describe('a turn', () => {
  it('of a new installation is the next such time, and not at once', () => {
    expect(turnFor(null, MONDAY_NINE, ZONE, at(0))).toEqual({ ...known, nextAt: new Date('2026-12-07T08:00:00.000Z') });
    expect(turnFor(null, MONDAY_NINE, ZONE, at(-1)).nextAt).toEqual(DUE);
  });

  it('stays where nothing changed, before, at and after it', () => {
    for (const ms of [-1, 0, 1, 40 * 86_400_000]) expect(turnFor(known, MONDAY_NINE, ZONE, at(ms))).toBe(known);
  });

  it('moves with its setting, but not when it was missed: then it is said late', () => {
    expect(turnFor(known, FRIDAY_NOON, ZONE, at(-1)).nextAt).toEqual(new Date('2026-12-04T11:00:00.000Z'));
    expect(turnFor(known, MONDAY_NINE, 'Europe/London', at(-3_600_000)).nextAt).toEqual(at(3_600_000));
    expect(turnFor(known, FRIDAY_NOON, ZONE, at(0))).toBe(known);
  });

  it('is followed by one ahead, however many were missed, and at the same time of the day when the clocks change', () => {
    const late = new Date('2026-12-24T10:00:00.000Z');
    expect(turnAfter(MONDAY_NINE, ZONE, late)).toEqual({
      ...{ setting: known.setting, nextAt: new Date('2026-12-28T08:00:00.000Z'), saidAt: late },
    });
    const beforeSummer = new Date('2026-03-23T08:00:00.000Z');
    expect(turnAfter(MONDAY_NINE, ZONE, beforeSummer).nextAt).toEqual(new Date('2026-03-30T07:00:00.000Z'));
  });
});

describe('the fallback', () => {
  const isFirst = (saidAt: string | null, now: string) =>
    isFirstOfMonth({ ...known, saidAt: saidAt === null ? null : new Date(saidAt) }, new Date(now), ZONE);

  it('has the first message ever, and the first of each month as the organisation counts it', () => {
    expect(isFirst(null, '2026-11-30T08:00:00Z')).toBe(true);
    expect(isFirst('2026-11-23T08:00:00Z', '2026-11-30T08:00:00Z')).toBe(false);
    expect(isFirst('2026-11-23T08:00:00Z', '2026-11-30T22:59:59Z')).toBe(false);
    expect(isFirst('2026-11-23T08:00:00Z', '2026-11-30T23:00:00Z')).toBe(true);
    expect(isFirst('2025-12-01T08:00:00Z', '2026-12-07T08:00:00Z')).toBe(true);
  });
});
