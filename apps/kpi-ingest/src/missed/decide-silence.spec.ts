import fc from 'fast-check';
import { type Weekday } from '@recert/recertification';
import { addWeeks, nextWeek, weekOf } from '../weeks/iso-week';
import { ADMINS_AFTER_MS, type Deadlines, decideSilence, missedAt, type Said, weekInQuestion } from './decide-silence';

const deadlines: Deadlines = {
  timezone: 'Europe/Berlin',
  dueBy: { weekday: 1, hour: 12, minute: 0 },
  expectedFrom: '2026-W40',
  grace: { years: 0, months: 0, weeks: 0, days: 0, hours: 2, minutes: 0, seconds: 0 },
};
const MISSED = new Date('2026-11-23T13:00:00Z');
const NEXT = new Date('2026-11-30T13:00:00Z');
const after = (ms: number): Date => new Date(MISSED.getTime() + ms);

describe('the week in question', () => {
  it.each([
    [-1, '2026-W46'],
    [0, '2026-W47'],
    [1, '2026-W47'],
  ])('%i ms from the end of its grace is %s', (ms, week) => {
    expect(weekInQuestion(deadlines, after(ms))).toBe(week);
  });

  it('is missed when it was due where there is no grace', () => {
    expect(missedAt('2026-W47', { ...deadlines, grace: null }).toISOString()).toBe('2026-11-23T11:00:00.000Z');
  });
});

describe('what is said of a silent product', () => {
  const decide = (said: Said | null, now: Date, isReported = false, change: Partial<Deadlines> = {}) =>
    decideSilence({ ...deadlines, ...change }, '2026-W47', isReported, said, now);
  const toldAt = (ownerAt: Date, adminsAt: Date | null = null): Said => ({ week: '2026-W47', ownerAt, adminsAt });

  it('goes to the owner, and a day later is looked at for the admins', () => {
    expect(decide(null, MISSED)).toEqual({ tell: 'owner', wakeAt: after(ADMINS_AFTER_MS) });
    expect(decide({ ...toldAt(after(-1)), week: '2026-W46' }, MISSED).tell).toBe('owner');
  });

  it.each([
    [-1, null, after(ADMINS_AFTER_MS)],
    [0, 'admins', NEXT],
    [1, 'admins', NEXT],
  ])('%i ms from 24 hours after that goes to %s', (ms, tell, wakeAt) => {
    expect(decide(toldAt(MISSED), after(ADMINS_AFTER_MS + ms))).toEqual({ tell, wakeAt });
  });

  it('is nothing more when both were told', () => {
    expect(decide(toldAt(MISSED, after(ADMINS_AFTER_MS)), after(ADMINS_AFTER_MS))).toEqual({
      tell: null,
      wakeAt: NEXT,
    });
  });

  it('is nothing when the week was reported, before or after the owner was told', () => {
    expect(decide(null, MISSED, true)).toEqual({ tell: null, wakeAt: NEXT });
    expect(decide(toldAt(MISSED), after(ADMINS_AFTER_MS), true)).toEqual({ tell: null, wakeAt: NEXT });
  });

  it('is nothing before the week that is expected first', () => {
    expect(decide(null, MISSED, false, { expectedFrom: '2026-W47' }).tell).toBe('owner');
    expect(decide(null, MISSED, false, { expectedFrom: '2026-W48' })).toEqual({ tell: null, wakeAt: NEXT });
    const later = { expectedFrom: '2026-W49' };
    expect(decide(null, MISSED, false, later)).toEqual({ tell: null, wakeAt: new Date('2026-12-07T13:00:00Z') });
  });

  it('is nothing of a week before one that was spoken of already', () => {
    expect(decide({ ...toldAt(MISSED), week: '2026-W48' }, after(1))).toEqual({ tell: null, wakeAt: NEXT });
  });

  const anyDeadlines = fc.record({
    timezone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
    dueBy: fc.record({
      weekday: fc.integer({ min: 1, max: 7 }).map((day) => day as Weekday),
      hour: fc.integer({ min: 0, max: 23 }),
      minute: fc.integer({ min: 0, max: 59 }),
    }),
    grace: fc.constantFrom(deadlines.grace, null, { ...deadlines.grace!, days: 4 }),
  });
  const anyStart = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });

  it('is each week once to the owner and once to the admins, in any zone, woken only when it wants to be', () => {
    fc.assert(
      fc.property(anyDeadlines, anyStart, (settings, start) => {
        const expectedFrom = weekOf(start, settings.timezone);
        const last = addWeeks(expectedFrom, 5);
        const all = { ...settings, expectedFrom };
        const heard: string[] = [];
        let said: Said | null = null;
        let now = start;
        for (let looks = 0; looks < 40 && now <= missedAt(last, all); looks += 1) {
          const week = weekInQuestion(all, now);
          const { tell, wakeAt } = decideSilence(all, week, false, said, now);
          if (tell) heard.push(`${week} ${tell}`);
          if (tell === 'owner') said = { week, ownerAt: now, adminsAt: null };
          if (tell === 'admins') said = { ...said!, adminsAt: now };
          expect(wakeAt > now).toBe(true);
          now = wakeAt;
        }
        const weeks = [expectedFrom];
        while (weeks.at(-1)! < last) weeks.push(nextWeek(weeks.at(-1)!));
        expect(heard).toEqual([
          ...weeks.slice(0, -1).flatMap((week) => [`${week} owner`, `${week} admins`]),
          `${last} owner`,
        ]);
      }),
    );
  });
});
