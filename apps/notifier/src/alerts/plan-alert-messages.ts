/** Which alerts get a message of their own in a chat, and which are only counted in the digest of a storm. */

/** Messages of their own that alerts may have in a chat within any minute. */
export const OWN_PER_MINUTE = 8;
/** Of these, how many only urgent alerts may have. */
export const KEPT_FOR_URGENT = 3;

/** A message of its own that counts against the minute: it was sent less than a minute ago, or waits to be sent. */
export interface Taken {
  /** Whose message it is. */
  readonly alertId: string;
  /** Critical, or raised again because nobody took care of it. */
  readonly isUrgent: boolean;
  /** Not sent yet: it can still be taken back. */
  readonly isWaiting: boolean;
}

/** Where an alert goes. `instead` is the alert that gives its message up for it and goes into the digest. */
export type Place = { readonly kind: 'own'; readonly instead: string | null } | { readonly kind: 'digest' };

/**
 * Decides where one alert goes.
 * @param taken what counts against the minute now, oldest first
 */
export function planAlertMessage(taken: readonly Taken[], isUrgent: boolean): Place {
  const urgent = taken.filter((one) => one.isUrgent).length;
  const kept = isUrgent ? 0 : Math.max(0, KEPT_FOR_URGENT - urgent);
  if (taken.length < OWN_PER_MINUTE - kept) return { kind: 'own', instead: null };
  const last = taken.filter((one) => one.isWaiting && !one.isUrgent).at(-1);
  return isUrgent && last !== undefined ? { kind: 'own', instead: last.alertId } : { kind: 'digest' };
}
