import { type RoundItem, type RoundReport } from '@recert/contracts';

/** One review of a round, with what its line does not show. */
export interface RoundReview extends RoundItem {
  /** How the review ended: `certified`, or `retired`; null while it is open. */
  readonly outcome: string | null;
  /** When the first answer that was taken came, whatever it said. */
  readonly firstAnsweredAt: string | null;
}

type Tally = RoundReport['total'];

const HOUR_MS = 60 * 60_000;

/** @param reviews in the order in which they are to be shown */
export function reportOf(reviews: readonly RoundReview[], from: Date, to: Date): RoundReport {
  const byOwner = new Map<string | null, RoundReview[]>();
  for (const review of reviews) {
    const theirs = byOwner.get(review.owner);
    if (theirs === undefined) byOwner.set(review.owner, [review]);
    else theirs.push(review);
  }
  const owners = [...byOwner].map(([owner, theirs]) => ({ owner, ...tallyOf(theirs) }));
  return {
    ...{ from: from.toISOString(), to: to.toISOString() },
    total: tallyOf(reviews),
    owners: owners.sort((a, b) => b.late - a.late || compareNames(a.owner, b.owner)),
    items: reviews.map(({ outcome: _outcome, firstAnsweredAt: _first, ...item }) => item),
  };
}

/** A review that was closed because its process was retired is asked, and none of the rest. */
export function tallyOf(reviews: readonly RoundReview[]): Tally {
  const tally = { asked: reviews.length, certified: 0, updating: 0, open: 0, late: 0, stamped: 0 };
  const hours: number[] = [];
  for (const { outcome, status, late, recordOpened, askedAt, firstAnsweredAt } of reviews) {
    if (outcome === 'certified') tally.certified += 1;
    if (outcome === 'certified' && recordOpened === false) tally.stamped += 1;
    if (outcome === null) tally[status === 'updating' ? 'updating' : 'open'] += 1;
    if (late) tally.late += 1;
    if (firstAnsweredAt !== null) hours.push((Date.parse(firstAnsweredAt) - Date.parse(askedAt)) / HOUR_MS);
  }
  return { ...tally, medianAnswerHours: median(hours) };
}

function median(values: number[]): number | null {
  if (values.length === 0) return null;
  values.sort((a, b) => a - b);
  const middle = Math.floor(values.length / 2);
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}

/** Nobody stands last. */
function compareNames(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : Number(a > b);
}
