import { decideReach, type Evidence, failingSince, noteEvidence, type Reach, REACHED, type Situation } from './reach';

const START = new Date('2026-11-30T09:00:00.000Z').getTime();
const MINUTES = 60_000;
/** The default of FALLBACK_AFTER, which config.spec.ts holds to five minutes. */
const POLICY = { afterMs: 5 * MINUTES };
const at = (ms: number): Date => new Date(START + ms);

const message = (outcome: Evidence['outcome'], ms: number): Evidence => ({ what: 'message', outcome, at: at(ms) });
const call = (outcome: Evidence['outcome'], ms: number): Evidence => ({ what: 'call', outcome, at: at(ms) });
const situation = (ms: number, of: Partial<Situation> = {}): Situation => ({
  ...{ now: at(ms), isWaiting: true, calledAt: null },
  ...of,
});
const decide = (reach: Reach, ms: number, of: Partial<Situation> = {}) => decideReach(reach, situation(ms, of), POLICY);

const failing: Reach = { ...REACHED, messagesFailSince: at(0) };
const away: Reach = { ...failing, fallback: { since: at(0), begunAt: at(5 * MINUTES), backAt: null } };
const BACK = 10 * MINUTES;
const returning: Reach = { ...REACHED, fallback: { ...away.fallback!, backAt: at(BACK) } };

type Name = 'reached' | 'failing' | 'away' | 'returning';
const states: Record<Name, Reach> = { reached: REACHED, failing, away, returning };
const nameOf = ({ messagesFailSince, fallback }: Reach): Name => {
  if (fallback !== null) return fallback.backAt === null ? 'away' : 'returning';
  return messagesFailSince === null ? 'reached' : 'failing';
};

describe('what the tries show', () => {
  it.each<[Name, Evidence['outcome'], Name]>([
    ['reached', 'through', 'reached'],
    ['reached', 'failed', 'failing'],
    ['failing', 'through', 'reached'],
    ['failing', 'failed', 'failing'],
    ['away', 'through', 'returning'],
    ['away', 'failed', 'away'],
    ['returning', 'through', 'returning'],
    ['returning', 'failed', 'away'],
  ])('%s, and a message is %s: %s', (before, outcome, after) => {
    expect(nameOf(noteEvidence(states[before], message(outcome, 11 * MINUTES)))).toBe(after);
  });

  it.each<[Name, Evidence['outcome']]>([
    ['reached', 'through'],
    ['failing', 'failed'],
    ['away', 'failed'],
    ['returning', 'through'],
  ])('is no news where it was known: %s, and a message is %s', (before, outcome) => {
    expect(noteEvidence(states[before], message(outcome, 11 * MINUTES))).toBe(states[before]);
  });

  it('counts from the first failure, and anew after each success', () => {
    const often = [message('failed', 1), message('failed', 2), message('through', 3), message('failed', 4)];
    expect(often.reduce(noteEvidence, REACHED).messagesFailSince).toEqual(at(4));
    expect(often.slice(0, 2).reduce(noteEvidence, REACHED).messagesFailSince).toEqual(at(1));
  });

  it('keeps calls that send nothing apart: fetching updates does not make up for messages, but messages for it', () => {
    const both = [message('failed', 1), call('failed', 2), call('through', 3)].reduce(noteEvidence, REACHED);
    expect(both).toEqual({ messagesFailSince: at(1), callsFailSince: null, fallback: null });
    expect([message('failed', 1), call('failed', 2), message('through', 3)].reduce(noteEvidence, REACHED)).toEqual(
      REACHED,
    );
    expect(noteEvidence(away, call('through', 6 * MINUTES))).toBe(away);
    expect(noteEvidence(returning, call('failed', 11 * MINUTES)).fallback).toBe(returning.fallback);
  });
});

describe('a fallback', () => {
  it.each([
    [5 * MINUTES - 1, null],
    [5 * MINUTES, 'begin'],
    [5 * MINUTES + 1, 'begin'],
  ])('begins when nothing got through for five minutes: after %d ms it does %s', (ms, act) => {
    const decision = decide(failing, ms);
    expect(decision.act).toBe(act);
    expect(decision.reach.fallback).toEqual(act === null ? null : { since: at(0), begunAt: at(ms), backAt: null });
  });

  it('never begins while messages get through, or where none is to be sent', () => {
    expect(decide(REACHED, 60 * MINUTES)).toEqual({ reach: REACHED, act: null });
    expect(decide(failing, 60 * MINUTES, { isWaiting: false })).toEqual({ reach: REACHED, act: null });
  });

  it.each([
    [BACK + MINUTES - 1, null],
    [BACK + MINUTES, 'end'],
    [BACK + MINUTES + 1, 'end'],
  ])('ends when messages got through for a minute: at %d ms it does %s', (ms, act) => {
    expect(decide(returning, ms)).toEqual({ reach: act === null ? returning : REACHED, act });
  });

  it('goes on while messages fail, however long', () => {
    expect(decide(away, 24 * 60 * MINUTES)).toEqual({ reach: away, act: null });
  });

  it('ends by another call where no message is left to be tried, and only by one since it began that is not followed by failures', () => {
    const none = { isWaiting: false };
    const end = (reach: Reach, calledAt: Date | null) => nameOf(decide(reach, BACK, { ...none, calledAt }).reach);
    expect(end(away, at(5 * MINUTES))).toBe('away');
    expect(end(away, at(5 * MINUTES + 1))).toBe('returning');
    expect(end(away, null)).toBe('away');
    expect(end({ ...away, callsFailSince: at(6 * MINUTES) }, at(5 * MINUTES + 1))).toBe('away');
    expect(nameOf(decide(away, BACK, { calledAt: at(9 * MINUTES) }).reach)).toBe('away');
  });

  it('begins once and ends once, however Telegram flaps', () => {
    const acts: string[] = [];
    let reach = REACHED;
    // A try every 10 s: half a minute through, then seven and a half failed, over and over; steady at the end.
    for (let second = 0; second < 3600; second += 10) {
      const isUp = second % 480 < 30 || second >= 3000;
      reach = noteEvidence(reach, message(isUp ? 'through' : 'failed', second * 1000));
      const decision = decide(reach, second * 1000);
      reach = decision.reach;
      if (decision.act !== null) acts.push(`${decision.act} ${second}`);
    }
    expect(acts).toEqual(['begin 330', 'end 3060']);
  });

  it('does not begin when something gets through every four minutes', () => {
    let reach = REACHED;
    for (let second = 0; second < 3600; second += 10) {
      reach = noteEvidence(reach, message(second % 240 === 0 ? 'through' : 'failed', second * 1000));
      expect(decide(reach, second * 1000).act).toBeNull();
    }
  });
});

describe('since when Telegram is not reached', () => {
  it('is the first of what fails', () => {
    expect(failingSince(REACHED)).toBeNull();
    expect(failingSince({ ...failing, callsFailSince: at(1) })).toEqual(at(0));
    expect(failingSince({ ...REACHED, callsFailSince: at(1) })).toEqual(at(1));
    expect(failingSince({ ...REACHED, messagesFailSince: at(2), callsFailSince: at(1) })).toEqual(at(1));
  });
});
