import fc from 'fast-check';
import {
  decideWake,
  request,
  wakeAt,
  type Emit,
  type Entry,
  type EscalationPolicy,
  type OpenReview,
} from './escalation';
import { type ReviewReason } from './process';

// One tick is a quarter of a day: what happens between two midnights is told apart, and a year takes no time.
const TICK_MS = 6 * 3_600_000;
const TICKS_A_DAY = 4;
const YEAR = 366 * TICKS_A_DAY;
const at = (tick: number): Date => new Date(Date.UTC(2026, 0, 1) + tick * TICK_MS);

interface Deed {
  tick: number;
  what: 'later' | 'not-mine' | 'yes' | 'no' | 'request';
  /** For "later". */
  days: number;
  /** For a request. */
  reason: ReviewReason;
}
interface Year {
  policy: EscalationPolicy;
  owned: boolean;
  hasDeputy: boolean;
  periodDays: number;
  /** Whether the scheduler is up, per tick. */
  up: boolean[];
  deeds: Deed[];
}

/** The code that is tested, driven as the scheduler drives it. */
function simulate({ policy, owned, hasDeputy, periodDays, up, deeds }: Year): string[] {
  let entry: Entry = { status: 'uncertified', nextDueAt: at(1), owned, hasDeputy, review: null, updatingSince: null };
  const said: string[] = [];
  for (let tick = 0; tick < YEAR; tick += 1) {
    const now = at(tick);
    const say = (woken: { emit: readonly Emit[]; entry: Entry }): void => {
      said.push(...woken.emit.map((emit) => `${tick} ${describeEmit(emit)}`));
      entry = woken.entry;
      const next = wakeAt(entry, policy);
      if (woken.emit.length > 0 && next && next <= now) throw new Error(`Tick ${tick} would wake again at once`);
    };
    for (const deed of deeds.filter((one) => one.tick === tick)) {
      if (deed.what === 'request') say(request(entry, deed.reason, now, `r${tick}`, policy));
      else entry = answered(entry, deed, tick, periodDays);
    }
    if (up[tick]) say(decideWake(entry, now, `r${tick}`, policy));
  }
  return said;
}

function answered(entry: Entry, deed: Deed, tick: number, periodDays: number): Entry {
  const { review } = entry;
  if (!review || entry.status === 'updating') return entry;
  if (deed.what === 'no')
    return { ...entry, status: 'certified', review: null, nextDueAt: at(tick + periodDays * TICKS_A_DAY) };
  if (deed.what === 'yes') return { ...entry, status: 'updating', updatingSince: at(tick) };
  if (deed.what === 'not-mine') return { ...entry, review: { ...review, disowned: true } };
  return { ...entry, review: { ...review, snoozedUntil: at(tick + deed.days * TICKS_A_DAY) } };
}

const describeEmit = (emit: Emit): string =>
  emit.type === 'due'
    ? `due ${emit.reviewId} ${emit.reason} ${emit.reminder}`
    : `${emit.level} ${emit.reviewId} ${emit.reason}`;

/**
 * The rules once more, the slow way: tick by tick, asking of every one since the last look what should have happened
 * then. It knows no next time, and shares no line with the code.
 */
function bruteForce({ policy, owned, hasDeputy, periodDays, up, deeds }: Year): string[] {
  const said: string[] = [];
  const days = (n: number): number => n * TICKS_A_DAY;
  let mode = 'waiting' as 'waiting' | 'open' | 'updating';
  let [id, reason] = ['', ''];
  let [dueFrom, opened, since, snoozed, looked] = [1, 0, 0, -1, -1];
  /** `told` is 0 for the owner, 1 for the deputy, 2 for the admins. */
  let [number, told] = [0, 0];
  let [disowned, wasCertified] = [false, false];

  const openAt = (tick: number): void => {
    [id, number, opened, told, snoozed, disowned] = [`r${tick}`, -1, tick, 0, -1, false];
  };
  const askOwner = (tick: number, why: string): void => {
    const over = policy.reminderDays.filter((one) => opened + days(one) <= tick).length;
    [reason, number, snoozed, mode] = [why, Math.max(number + 1, over), -1, 'open'];
    said.push(`${tick} due ${id} ${why} ${number}`);
  };
  const tellAbove = (tick: number): boolean => {
    const isOver = (day: number | null): boolean => day !== null && opened + days(day) <= tick;
    const nobodyHears = !owned && told === 0;
    let level = told;
    if (told === 0 && hasDeputy && (nobodyHears || isOver(policy.deputyDay))) level = 1;
    if (disowned || isOver(policy.adminsDay) || (nobodyHears && !hasDeputy)) level = 2;
    if (level === told) return false;
    told = level;
    said.push(`${tick} ${level === 1 ? 'deputy' : 'admins'} ${id} ${disowned ? 'not-mine' : 'no-answer'}`);
    // What the owner should have heard until now is overtaken.
    number = Math.max(number, policy.reminderDays.filter((one) => opened + days(one) <= tick).length);
    if (snoozed <= tick) snoozed = -1;
    return true;
  };
  const ownerIsToHear = (tick: number): boolean => {
    if (!owned || disowned) return false;
    if (snoozed >= 0) return snoozed <= tick;
    for (let missed = looked + 1; missed <= tick; missed += 1) {
      if (policy.reminderDays.some((one, index) => opened + days(one) === missed && index >= number)) return true;
    }
    return false;
  };
  const wanted = (tick: number, why: string): void => {
    if (id === '') openAt(tick);
    else if (mode === 'updating' || why === 'owner-changed') [opened, told, snoozed, disowned] = [tick, 0, -1, false];
    askOwner(tick, why);
    tellAbove(tick);
  };
  const answer = (deed: Deed, tick: number): void => {
    if (id === '' || mode === 'updating') return;
    if (deed.what === 'no') [id, mode, dueFrom, wasCertified] = ['', 'waiting', tick + days(periodDays), true];
    else if (deed.what === 'yes') [mode, since] = ['updating', tick];
    else if (deed.what === 'not-mine') disowned = true;
    else snoozed = tick + days(deed.days);
  };

  for (let tick = 0; tick < YEAR; tick += 1) {
    for (const deed of deeds) {
      if (deed.tick !== tick) continue;
      if (deed.what === 'request') wanted(tick, deed.reason);
      else answer(deed, tick);
    }
    if (!up[tick]) continue;
    if (mode === 'updating') {
      if (since + days(policy.notUpdatedDays) <= tick) wanted(tick, 'not-updated');
    } else if (mode === 'waiting') {
      if (dueFrom <= tick) wanted(tick, wasCertified ? 'period-over' : 'first-review');
    } else if (!tellAbove(tick) && ownerIsToHear(tick)) askOwner(tick, reason);
    looked = tick;
  }
  return said;
}

const ascending = (list: number[]): number[] => [...list].sort((a, b) => a - b);
const policies = fc.record({
  reminderDays: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }).map(ascending),
  deputyDay: fc.option(fc.integer({ min: 1, max: 40 })),
  adminsDay: fc.option(fc.integer({ min: 1, max: 60 })),
  notUpdatedDays: fc.integer({ min: 1, max: 30 }),
});
const ticks = fc.nat({ max: YEAR - 1 });
const deed: fc.Arbitrary<Deed> = fc.record({
  tick: ticks,
  what: fc.constantFrom('later', 'not-mine', 'yes', 'no', 'request'),
  days: fc.integer({ min: 1, max: 20 }),
  reason: fc.constantFrom('asked', 'campaign', 'record-updated', 'owner-changed'),
});
const deeds = fc.array(deed, { maxLength: 40, size: 'max' });
const upAlways = Array.from({ length: YEAR }, () => true);
const downtimes = fc
  .array(fc.tuple(ticks, fc.integer({ min: 1, max: 200 })), { maxLength: 6 })
  .map((list) => upAlways.map((_, tick) => !list.some(([from, length]) => tick >= from && tick < from + length)));

const years = (up: fc.Arbitrary<boolean[]>): fc.Arbitrary<Year> =>
  fc.record({
    policy: policies,
    owned: fc.boolean(),
    hasDeputy: fc.boolean(),
    periodDays: fc.integer({ min: 1, max: 120 }),
    up,
    deeds,
  });

describe('a year of one process', () => {
  it('goes as the slow way says, looked at all the time', () => {
    fc.assert(
      fc.property(years(fc.constant(upAlways)), (year) => {
        expect(simulate(year)).toEqual(bruteForce(year));
      }),
      { numRuns: 150 },
    );
  });

  it('goes as the slow way says, with downtimes', () => {
    fc.assert(
      fc.property(years(downtimes), (year) => {
        expect(simulate(year)).toEqual(bruteForce(year));
      }),
      { numRuns: 150 },
    );
  });
});

describe('any entry at any time', () => {
  const dates = fc.nat({ max: 100 * TICKS_A_DAY }).map(at);
  const reviews: fc.Arbitrary<OpenReview> = fc.record({
    id: fc.constant('r0'),
    openedAt: dates,
    reason: fc.constantFrom('first-review', 'period-over', 'asked', 'not-updated'),
    reminder: fc.nat({ max: 6 }),
    told: fc.constantFrom('owner', 'deputy', 'admins'),
    snoozedUntil: fc.option(dates),
    disowned: fc.boolean(),
  });
  const entries: fc.Arbitrary<Entry> = fc.record({
    status: fc.constantFrom(null, 'uncertified', 'due', 'updating', 'overdue', 'certified', 'retired'),
    nextDueAt: fc.option(dates),
    owned: fc.boolean(),
    hasDeputy: fc.boolean(),
    review: fc.option(reviews),
    updatingSince: fc.option(dates),
  });

  it('is not to be looked at again at once after something was said, and says nothing twice', () => {
    fc.assert(
      fc.property(entries, dates, policies, fc.boolean(), (entry, now, policy, isRequested) => {
        const woken = isRequested ? request(entry, 'asked', now, 'r1', policy) : decideWake(entry, now, 'r1', policy);
        const next = wakeAt(woken.entry, policy);
        if (woken.emit.length > 0 || !isRequested) expect(next === null || next > now).toBe(true);
        expect(decideWake(woken.entry, now, 'r2', policy)).toEqual({ emit: [], entry: woken.entry });
      }),
      { numRuns: 2000 },
    );
  });

  it('says something exactly if it is time', () => {
    fc.assert(
      fc.property(entries, dates, policies, (entry, now, policy) => {
        const next = wakeAt(entry, policy);
        expect(decideWake(entry, now, 'r1', policy).emit.length > 0).toBe(next !== null && next <= now);
      }),
      { numRuns: 2000 },
    );
  });

  it('only ever counts reminders up', () => {
    fc.assert(
      fc.property(entries, dates, policies, (entry, now, policy) => {
        for (const woken of [
          request(entry, 'owner-changed', now, 'r1', policy),
          decideWake(entry, now, 'r1', policy),
        ]) {
          for (const emit of woken.emit) {
            if (emit.type === 'due') expect(emit.reminder).toBeGreaterThan(entry.review?.reminder ?? -1);
          }
        }
      }),
    );
  });
});
