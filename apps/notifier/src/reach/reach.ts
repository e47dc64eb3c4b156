/** Whether Telegram can be reached, and when the fallback speaks instead: pure, time is an argument. */

/** Before a fallback ends, messages have to get through for so long without a failure. */
const STEADY_MS = 60_000;

/** What is known. Instants are of the database's clock. */
export interface Reach {
  /** Since when every try to send a message has failed; null while the last one got through, or none was made. */
  readonly messagesFailSince: Date | null;
  /** The same of all other calls, such as those that fetch updates. */
  readonly callsFailSince: Date | null;
  /** Null while Telegram is the channel. */
  readonly fallback: Fallback | null;
}

export interface Fallback {
  /** Since when nothing got through. */
  readonly since: Date;
  readonly begunAt: Date;
  /** Since when messages get through again, which has to last for a moment; null while they do not. */
  readonly backAt: Date | null;
}

/**
 * What one call showed. It is `through` whatever Telegram answered, also when it refuses one chat or asks for silence;
 * `failed` when it could not be reached, was broken, or does not know the token.
 */
export interface Evidence {
  readonly what: 'message' | 'call';
  readonly outcome: 'through' | 'failed';
  readonly at: Date;
}

/** What there is to decide on, besides what is known. */
export interface Situation {
  readonly now: Date;
  /** Whether there are messages that are due or were tried. */
  readonly isWaiting: boolean;
  /** When a call that sends nothing got through last; null when that is not known. */
  readonly calledAt: Date | null;
}

export interface ReachPolicy {
  /** How long nothing gets through before the fallback begins, in milliseconds. */
  readonly afterMs: number;
}

export interface Decision {
  readonly reach: Reach;
  readonly act: 'begin' | 'end' | null;
}

export const REACHED: Reach = { messagesFailSince: null, callsFailSince: null, fallback: null };

/** @returns the same object where it is no news */
export function noteEvidence(reach: Reach, { what, outcome, at }: Evidence): Reach {
  if (what === 'call') return withNews(reach, { callsFailSince: sinceAfter(reach.callsFailSince, outcome, at) });
  return withNews(reach, {
    messagesFailSince: sinceAfter(reach.messagesFailSince, outcome, at),
    // What takes messages is there, and whoever fetches updates will notice it a little later.
    callsFailSince: outcome === 'through' ? null : reach.callsFailSince,
    fallback: fallbackAfter(reach.fallback, outcome, at),
  });
}

function sinceAfter(since: Date | null, outcome: Evidence['outcome'], at: Date): Date | null {
  return outcome === 'through' ? null : (since ?? at);
}

function withNews(reach: Reach, news: Partial<Reach>): Reach {
  const next = { ...reach, ...news };
  const isSame =
    next.messagesFailSince === reach.messagesFailSince &&
    next.callsFailSince === reach.callsFailSince &&
    next.fallback === reach.fallback;
  return isSame ? reach : next;
}

function fallbackAfter(fallback: Fallback | null, outcome: Evidence['outcome'], at: Date): Fallback | null {
  if (fallback === null) return null;
  if (outcome === 'failed') return fallback.backAt === null ? fallback : { ...fallback, backAt: null };
  return fallback.backAt === null ? { ...fallback, backAt: at } : fallback;
}

/** @returns the same `reach` where nothing is to be done */
export function decideReach(reach: Reach, situation: Situation, policy: ReachPolicy): Decision {
  return reach.fallback === null
    ? mayBegin(reach, situation, policy)
    : mayEnd(reach, reach.fallback, situation, policy);
}

function mayBegin(reach: Reach, { now, isWaiting }: Situation, { afterMs }: ReachPolicy): Decision {
  const since = reach.messagesFailSince;
  if (since === null) return { reach, act: null };
  // What was tried was taken back: nobody misses anything, and the next message counts from its own first try.
  if (!isWaiting) return { reach: { ...reach, messagesFailSince: null }, act: null };
  if (now.getTime() - since.getTime() < afterMs) return { reach, act: null };
  return { reach: { ...reach, fallback: { since, begunAt: now, backAt: null } }, act: 'begin' };
}

function mayEnd(reach: Reach, fallback: Fallback, situation: Situation, { afterMs }: ReachPolicy): Decision {
  const { now } = situation;
  if (fallback.backAt === null) {
    const backAt = reachedOtherwise(reach, fallback, situation);
    return { reach: backAt === null ? reach : { ...reach, fallback: { ...fallback, backAt } }, act: null };
  }
  if (now.getTime() - fallback.backAt.getTime() < Math.min(STEADY_MS, afterMs)) return { reach, act: null };
  return { reach: { ...reach, messagesFailSince: null, fallback: null }, act: 'end' };
}

/** Where no message is left to be tried, the other calls show whether Telegram is back. */
function reachedOtherwise({ callsFailSince }: Reach, { begunAt }: Fallback, situation: Situation): Date | null {
  const { isWaiting, calledAt } = situation;
  return !isWaiting && callsFailSince === null && calledAt !== null && calledAt > begunAt ? calledAt : null;
}

/** Since when Telegram has not been reached in any way; null while it is. */
export function failingSince({ messagesFailSince, callsFailSince }: Reach): Date | null {
  if (messagesFailSince === null || callsFailSince === null) return messagesFailSince ?? callsFailSince;
  return messagesFailSince < callsFailSince ? messagesFailSince : callsFailSince;
}
