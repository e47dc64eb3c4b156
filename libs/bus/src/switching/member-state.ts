import { type BusSwitching, type MemberPhase } from '@recert/contracts';

/** How a service is carried: pure facts, as its table `bus_transport` keeps them. */
export interface MemberState {
  /** When the service came; what was said before is of no concern to it. */
  readonly since: string;
  /** The last switch that ended well. */
  readonly generation: number;
  /** The last one that ended well or was abandoned. */
  readonly closed: number;
  /** Where a switch has led; null where BUS_URL has the word. */
  readonly address: string | null;
  /** What BUS_URL said at that switch. */
  readonly home: string | null;
  readonly underWay: UnderWay | null;
}

/** A switch as one service sees it. */
export interface UnderWay {
  readonly order: BusSwitching;
  readonly reached: Reached;
  /** The store behind the old address, once it was seen; its events are not published again while it is emptied. */
  readonly oldStore: string | null;
  readonly newStore: string | null;
  readonly problem: string | null;
  /** Everything published until then lay on the old transport, or lies on the new one. */
  readonly flippedAt: string | null;
}

/** In the order in which they come; `refused` is beside them. */
export type Reached = Exclude<MemberPhase, 'idle' | 'counted'>;

/** What a service does next about a switch. */
export type Task = 'join' | 'flip' | 'drain' | 'count' | 'finish' | 'leave' | 'wait';

/** Where a service publishes and takes, by address, and which other transport it still needs open. */
export interface Route {
  readonly publish: string;
  readonly consume: readonly string[];
  readonly open: readonly string[];
}

/** Somebody who changed BUS_URL after a switch has the last word. @param home the address that BUS_URL says */
export function startedWith(state: MemberState, home: string): MemberState {
  if (state.home === null || state.home === home) return state;
  return { ...state, address: null, home: null, underWay: null };
}

/**
 * The state after an order. What is old, or was heard already, changes nothing.
 * @returns `early` when the end of the switch before it has not been heard yet
 */
export function hear(state: MemberState, order: BusSwitching): MemberState | 'early' {
  if (order.generation <= state.closed || Date.parse(order.at) < Date.parse(state.since)) return state;
  const { underWay } = state;
  if (underWay === null) {
    // Its beginning may be heard after its end.
    if (order.phase === 'abandoned') return { ...state, closed: order.generation };
    const fresh = { oldStore: null, newStore: null, problem: null, flippedAt: null };
    return { ...state, underWay: { order, reached: 'asked', ...fresh } };
  }
  if (order.generation > underWay.order.generation) return 'early';
  if (order.generation < underWay.order.generation || order.step <= underWay.order.step) return state;
  return { ...state, underWay: { ...underWay, order } };
}

export function taskOf({ order, reached }: UnderWay): Task {
  if (order.phase === 'abandoned') return 'leave';
  if (order.phase === 'asked') return reached === 'asked' ? 'join' : 'wait';
  // Decided is decided: whoever had refused, or had not heard of it, follows.
  if (reached !== 'flipped' && reached !== 'drained') return 'flip';
  if (order.phase === 'decided') return 'wait';
  if (reached === 'flipped') return 'drain';
  if (order.phase === 'draining') return 'wait';
  return order.phase === 'verifying' ? 'count' : 'finish';
}

/** @param home the address that BUS_URL says */
export function routeOf(state: MemberState, home: string): Route {
  const old = state.address ?? home;
  const { underWay } = state;
  const alone = { publish: old, consume: [old], open: [old] };
  if (underWay === null) return alone;
  const { order, reached } = underWay;
  const isUndecided = order.phase === 'asked' || order.phase === 'abandoned';
  if (order.phase === 'abandoned' || (isUndecided && reached === 'refused')) return alone;
  const both = [...new Set([old, order.to])];
  if (isUndecided) return { publish: old, consume: both, open: both };
  // Until it is done the old one is taken from: somebody may be late there, or the switch may still be given up.
  return { publish: order.to, consume: both, open: both };
}

/** The state after the work of a switch that ended well. */
export function finished(state: MemberState, home: string): MemberState {
  if (state.underWay === null) return state;
  const { generation, to } = state.underWay.order;
  return { ...state, generation, closed: generation, address: to, home, underWay: null };
}

/** The state after a switch that was abandoned: as if nobody had asked. */
export function left(state: MemberState): MemberState {
  return { ...state, closed: state.underWay?.order.generation ?? state.closed, underWay: null };
}

export function advanced(state: MemberState, change: Partial<Omit<UnderWay, 'order'>>): MemberState {
  return state.underWay === null ? state : { ...state, underWay: { ...state.underWay, ...change } };
}
