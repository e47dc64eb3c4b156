const HOUR_MS = 3_600_000;
export const COUNTED_MS = HOUR_MS;
/** More than that in an hour is nobody who reads. */
export const MOST_AN_HOUR = 20;
/** After an answer so long nobody is asked again by what a reader says. */
export const QUIET_MS = 24 * HOUR_MS;

/** What is known of a process when a reader reports it. */
export interface Reported {
  /** How many reports there were in the hour before. */
  readonly lately: number;
  /** Its newest review; null where there was none. */
  readonly review: { readonly open: boolean; readonly openedAt: Date } | null;
}

/**
 * What becomes of a report: `ask` keeps it and asks the owner, `keep` keeps it for whoever looks, since the owner is asked
 * already or was a moment ago, and `refuse` is for floods.
 */
export function decideReport({ lately, review }: Reported, now: Date): 'ask' | 'keep' | 'refuse' {
  if (lately >= MOST_AN_HOUR) return 'refuse';
  if (review === null) return 'ask';
  return review.open || now.getTime() - review.openedAt.getTime() < QUIET_MS ? 'keep' : 'ask';
}
