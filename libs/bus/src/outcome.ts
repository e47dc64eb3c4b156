/**
 * What a handler says of an event. Throwing means retry, with a growing delay, and a dead letter when it has happened
 * too often.
 */
export type Outcome =
  | { readonly kind: 'done' }
  /** Not now: everything the handler wrote is rolled back and the event comes again after `delayMs`. */
  | { readonly kind: 'retry'; readonly delayMs: number; readonly reason: string }
  /** Never: everything is rolled back and the event becomes a dead letter with this reason. */
  | { readonly kind: 'drop'; readonly reason: string };

export const done: Outcome = { kind: 'done' };
export const retry = (delayMs: number, reason: string): Outcome => ({ kind: 'retry', delayMs, reason });
export const drop = (reason: string): Outcome => ({ kind: 'drop', reason });
