/** How a service stands to its database, as far as its webhooks are concerned. Times are milliseconds that only grow. */
export type SpoolState =
  /** What comes is written into the table. */
  | { readonly kind: 'here' }
  /** It has not answered since then: what comes is spooled, and at `probeAt` it is tried again. */
  | { readonly kind: 'away'; readonly since: number; readonly probes: number; readonly probeAt: number }
  /** It takes what was spooled; what comes meanwhile is spooled behind that, so that the order holds. */
  | { readonly kind: 'draining'; readonly since: number | null }
  /** The last of the spool is on its way: what comes waits for a moment, and is written then. */
  | { readonly kind: 'closing'; readonly since: number | null };

export type SpoolEvent =
  /** A write has failed as it does when the database is away, or has had no answer in time. */
  | 'failed'
  /** Something is spooled that is to be written, such as what a process left that was killed. */
  | 'found'
  /** A part of the spool was written, and there is more. */
  | 'drained'
  /** All that is left of it fits into one statement. */
  | 'nearly empty'
  /** Nothing is spooled any more. */
  | 'emptied';

/** What becomes of a request. */
export type Route = 'write' | 'spool' | 'wait';

export const HERE: SpoolState = { kind: 'here' };

/** A session that was ended is there again at once; one connection a second troubles no database that is starting. */
const FIRST_PROBE_MS = 100;
const LONGEST_PROBE_MS = 1_000;

const ROUTES: Readonly<Record<SpoolState['kind'], Route>> = {
  here: 'write',
  away: 'spool',
  draining: 'spool',
  closing: 'wait',
};

export function routeOf({ kind }: SpoolState): Route {
  return ROUTES[kind];
}

/** Since when the database has been away; null when it is here. */
export function awaySince(state: SpoolState): number | null {
  return state.kind === 'here' ? null : state.since;
}

/** In how many milliseconds the spool is to be written; null when there is none. */
export function drainInMs(state: SpoolState, now: number): number | null {
  if (state.kind === 'here') return null;
  return state.kind === 'away' ? Math.max(0, state.probeAt - now) : 0;
}

export function nextState(state: SpoolState, event: SpoolEvent, now: number): SpoolState {
  switch (event) {
    case 'failed':
      return away(state, now);
    case 'found':
      return state.kind === 'here' ? { kind: 'draining', since: null } : state;
    case 'drained':
      return { kind: 'draining', since: awaySince(state) };
    case 'nearly empty':
      return state.kind === 'draining' ? { kind: 'closing', since: state.since } : state;
    case 'emptied':
      return HERE;
  }
}

function away(state: SpoolState, now: number): SpoolState {
  const probes = state.kind === 'away' ? state.probes + 1 : 0;
  const pause = Math.min(FIRST_PROBE_MS * 2 ** probes, LONGEST_PROBE_MS);
  return { kind: 'away', since: awaySince(state) ?? now, probes, probeAt: now + pause };
}
