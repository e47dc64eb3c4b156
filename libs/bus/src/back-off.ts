const LONGEST_MS = 300_000;
const LONGEST_OPERATIONAL_MS = 15_000;

/** 1 s, 2 s, 4 s .. up to 5 min, each with up to a fifth of chance so that failures do not march in step. */
export function backOffMs(attempt: number, chance: number = Math.random()): number {
  const base = Math.min(1000 * 2 ** Math.max(0, attempt - 1), LONGEST_MS);
  return Math.round(base * (1 + 0.2 * chance));
}

/** The same, but soon again: what was away comes back without a word, and nothing should wait for it for minutes. */
export function operationalBackOffMs(attempt: number, chance?: number): number {
  return Math.min(backOffMs(attempt, chance), LONGEST_OPERATIONAL_MS);
}

/** 50 ms, 100 ms, 200 ms ..: for an event that came before another one on which it stands, and which is on its way. */
export function patienceMs(deliveries: number, longestMs: number): number {
  return Math.min(50 * 2 ** (deliveries - 1), longestMs);
}

/** Failures after which an event becomes a dead letter: a little under 9 minutes of trying. */
export const MAX_DELIVERIES = 10;
/** An event that a handler keeps putting off is a dead letter after this many times. */
export const MAX_POSTPONEMENTS = 100;
