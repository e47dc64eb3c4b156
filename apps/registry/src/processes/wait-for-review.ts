import { patienceMs, retry, type Outcome } from '@recert/bus';

/** About half a minute in all. */
const PATIENCE = 12;

/**
 * What to say of an event about a review that was not opened here yet: `process.due` and what follows from it are
 * different subjects, and the later one may arrive first. Null when that has been waited for long enough.
 * @param deliveries 1 at the first
 */
export function untilReviewIsKnown(deliveries: number): Outcome | null {
  if (deliveries >= PATIENCE) return null;
  return retry(patienceMs(deliveries, 5_000), 'its review is not open here yet');
}
