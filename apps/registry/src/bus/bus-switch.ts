import { type BusMember, type BusSwitching, type MemberPhase, type SwitchPhase } from '@recert/contracts';

/** Within which every service must have joined, or nothing changes. */
export const JOIN_MS = 30_000;
/** Events are counted from so long before the question on: what was on its way then is among them. */
const COUNTED_BEFORE_MS = 600_000;
const RECOUNT_MS = 1_000;
const RECOUNT_LATER_MS = 10_000;
/** After so many counts what seems to be missing is published again. */
const REFILL_AT = 10;

/** A switch of the bus, as the registry leads it. */
export interface BusSwitch {
  readonly generation: number;
  readonly step: number;
  readonly phase: SwitchPhase;
  readonly from: string;
  readonly to: string;
  readonly by: string;
  /** Who must take part. */
  readonly members: readonly string[];
  readonly askedAt: string;
  /** When the present step began. */
  readonly stepAt: string;
  readonly endedAt: string | null;
  readonly since: string;
  readonly until: string | null;
  readonly counts: number;
  /** Events of the counted time that were published; null before they are counted. */
  readonly events: number | null;
  readonly problem: string | null;
}

/** What a service has said last. */
export type Report = BusMember;

export interface Asked {
  readonly generation: number;
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly members: readonly string[];
}

export function askedSwitch({ members, ...asked }: Asked, now: Date): BusSwitch {
  const at = now.toISOString();
  return {
    ...asked,
    ...{ step: 1, phase: 'asked', members: [...members].sort(), askedAt: at, stepAt: at, endedAt: null },
    since: new Date(now.getTime() - COUNTED_BEFORE_MS).toISOString(),
    ...{ until: null, counts: 0, events: null, problem: null },
  };
}

export function isOver({ phase }: BusSwitch): boolean {
  return phase === 'done' || phase === 'abandoned';
}

/**
 * The next state of a switch, or the same object where nothing is to be done. Until all have joined it may be abandoned and
 * nothing has changed; from then on it only goes forward, however long somebody is away.
 * @param reports the last one of each service
 */
export function decideSwitch(given: BusSwitch, reports: readonly Report[], now: Date): BusSwitch {
  const state = withPresent(given, reports);
  switch (state.phase) {
    case 'asked':
      return decideAsked(state, reports, now);
    case 'decided':
      return waitingFor(state, reports).length > 0 ? state : next(state, now, { phase: 'draining' });
    case 'draining':
      return waitingFor(state, reports).length > 0 ? state : next(state, now, { phase: 'verifying' });
    case 'verifying':
      return decideVerifying(state, reports, now);
    default:
      return state;
  }
}

/**
 * Who came while it was asked or decided takes part, and must be waited for: what it publishes is to be taken from the old.
 * Who was not heard of for days, so that there is no report, is waited for no longer.
 */
function withPresent(state: BusSwitch, reports: readonly Report[]): BusSwitch {
  if (isOver(state)) return state;
  const isOpen = state.phase === 'asked' || state.phase === 'decided';
  const here = new Set(reports.map(({ service }) => service));
  const newcomers = reports.filter(({ switching }) => isOpen && switching === state.generation);
  const kept = state.phase === 'asked' ? state.members : state.members.filter((service) => here.has(service));
  const members = [...new Set([...kept, ...newcomers.map(({ service }) => service)])].sort();
  return members.join() === state.members.join() ? state : { ...state, members };
}

/** Gives a switch up that has not ended: what was published on the new transport is published again on the old one. */
export function givenUp(state: BusSwitch, by: string, now: Date): BusSwitch {
  return abandoned(state, now, `${by} gave it up while it was ${state.phase}`);
}

/** The order that tells every service of the state. */
export function orderOf(state: BusSwitch): BusSwitching {
  const { generation, step, phase, from, to, members, since, until, stepAt: at } = state;
  return { generation, step, phase, from, to, members: [...members], since, until, at };
}

/** Whether to have everything of the counted time published again: something seems to be missing. */
export function wantsRefill(state: BusSwitch): boolean {
  return state.phase === 'verifying' && state.counts === REFILL_AT;
}

/** Members that have not come as far as the phase wants. */
export function waitingFor(state: BusSwitch, reports: readonly Report[]): string[] {
  return state.members.filter((service) => {
    const report = reports.find((each) => each.service === service);
    return report === undefined || !hasReached(state, report);
  });
}

const RANK: Readonly<Record<MemberPhase, number>> = {
  ...{ idle: 0, refused: 0, asked: 0, joined: 1, flipped: 2, drained: 3, counted: 4 },
};
const WANTED: Readonly<Record<SwitchPhase, number>> = {
  ...{ asked: 1, decided: 2, draining: 3, verifying: 4, done: 5, abandoned: 0 },
};

function hasReached({ generation, phase, step }: BusSwitch, report: Report): boolean {
  if (phase === 'abandoned') return report.switching !== generation;
  if (report.generation >= generation) return true;
  if (report.switching !== generation) return false;
  // A count is of one step; what it says of an older one is old.
  if (phase === 'verifying') return report.phase === 'counted' && report.step === step;
  return RANK[report.phase] >= WANTED[phase];
}

function decideAsked(state: BusSwitch, reports: readonly Report[], now: Date): BusSwitch {
  const own = reports.filter((report) => report.switching === state.generation);
  const refusal = own.find((report) => report.phase === 'refused');
  if (refusal !== undefined)
    return abandoned(state, now, `${refusal.service}: ${refusal.problem ?? 'no reason was given'}`);
  const missing = waitingFor(state, reports);
  if (missing.length > 0) {
    if (now.getTime() - Date.parse(state.askedAt) < JOIN_MS) return state;
    const why = missing.map((service) => {
      const problem = own.find((report) => report.service === service)?.problem;
      return `${service} (${problem ?? 'it does not answer'})`;
    });
    return abandoned(state, now, `within ${JOIN_MS / 1000} s these have not joined: ${why.join(', ')}`);
  }
  const [first, ...others] = own.filter(({ service }) => state.members.includes(service));
  const stranger = others.find(({ store }) => store !== first?.store);
  if (stranger !== undefined)
    return abandoned(
      state,
      now,
      `${stranger.service} finds another store at ${state.to} than ${first!.service}: one address must lead all to one`,
    );
  return next(state, now, { phase: 'decided', until: now.toISOString() });
}

function decideVerifying(state: BusSwitch, reports: readonly Report[], now: Date): BusSwitch {
  if (waitingFor(state, reports).length > 0) return state;
  const { events, missing } = compare(state, reports);
  if (missing.length === 0)
    return next(state, now, { phase: 'done', endedAt: now.toISOString(), events, problem: null });
  const pause = state.counts > 2 * REFILL_AT ? RECOUNT_LATER_MS : RECOUNT_MS;
  if (now.getTime() - Date.parse(state.stepAt) < pause) return state;
  return next(state, now, { counts: state.counts + 1, events, problem: `not handled yet: ${missing.join(', ')}` });
}

/** What was published must have been handled, or kept as a dead letter, by each consumer of its subject. */
function compare(
  { members, generation }: BusSwitch,
  reports: readonly Report[],
): { events: number; missing: readonly string[] } {
  const counted = reports.filter((report) => members.includes(report.service) && report.switching === generation);
  const published = new Map<string, number>();
  for (const report of counted)
    for (const [subject, events] of Object.entries(report.published))
      published.set(subject, (published.get(subject) ?? 0) + events);
  const missing = counted
    .flatMap((report) => report.handled)
    .map(({ consumer, subject, events }) => ({ consumer, subject, lacks: (published.get(subject) ?? 0) - events }))
    .filter(({ lacks }) => lacks > 0)
    .map(({ consumer, subject, lacks }) => `${lacks} ${subject} by ${consumer}`);
  return { events: [...published.values()].reduce((sum, events) => sum + events, 0), missing };
}

function abandoned(state: BusSwitch, now: Date, problem: string): BusSwitch {
  return next(state, now, { phase: 'abandoned', endedAt: now.toISOString(), problem });
}

function next(state: BusSwitch, now: Date, change: Partial<BusSwitch>): BusSwitch {
  return { ...state, step: state.step + 1, stepAt: now.toISOString(), ...change };
}
