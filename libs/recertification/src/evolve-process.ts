import { openReviewOf, type ProcessEvent, type ProcessState, type Review } from './process';

/**
 * The state after an event that `decide` made of this very state.
 * @throws TypeError for an event that cannot happen in this state, such as a reminder without a review.
 */
export function evolve(state: ProcessState, event: ProcessEvent): ProcessState {
  const { recordHash, certification, closedReviewId } = state;
  const known = { recordHash, certification, closedReviewId };
  const closed = { ...known, closedReviewId: openReviewOf(state)?.id ?? closedReviewId };
  switch (event.type) {
    case 'review-opened':
      return { ...known, status: 'due', review: newReview(event) };
    case 'reminded': {
      const { reason, reminder } = event;
      const review = { ...reviewFor(state, event), reason, reminder, snoozedUntil: null };
      return state.status === 'overdue' ? { ...state, review } : { ...known, status: 'due', review };
    }
    case 'went-overdue':
      return { ...known, status: 'overdue', review: reviewFor(state, event), since: event.at };
    case 'update-promised':
      return { ...known, status: 'updating', review: takenOn(state), since: event.at, hashThen: recordHash };
    case 'certified':
      return { ...closed, certification: event.certification, status: 'certified' };
    case 'disowned':
      return withReview(state, { ...reviewFor(state, event), disownedBy: event.by });
    case 'snoozed':
      return withReview(state, { ...reviewFor(state, event), snoozedUntil: event.until });
    case 'reassigned':
      return withReview(state, { ...reviewFor(state, event), snoozedUntil: null, disownedBy: null });
    case 'record-changed':
      return { ...state, recordHash: event.hash };
    case 'review-wanted':
      return state;
    case 'retired':
      return { ...closed, status: 'retired', retiredAt: event.at };
    case 'restored':
      // What came back need not be what was certified, so nothing is trusted; the history still knows it.
      return { recordHash: event.hash, certification: null, closedReviewId, status: 'uncertified' };
  }
}

function newReview(opened: ProcessEvent & { type: 'review-opened' }): Review {
  const { reviewId: id, at: openedAt, reason, reminder } = opened;
  return { id, openedAt, reason, reminder, snoozedUntil: null, disownedBy: null };
}

/** The open review an event speaks of. */
function reviewFor(state: ProcessState, event: ProcessEvent & { reviewId: string | null }): Review {
  const review = openReviewOf(state);
  if (review && review.id === event.reviewId) return review;
  throw new TypeError(`"${event.type}" of review ${event.reviewId} cannot happen to a process that is ${state.status}`);
}

/** Whoever promises an update has taken the question on: neither "later" nor "not mine" stands any longer. */
function takenOn(state: ProcessState): Review | null {
  const review = openReviewOf(state);
  return review && { ...review, snoozedUntil: null, disownedBy: null };
}

function withReview(state: ProcessState, review: Review): ProcessState {
  return 'review' in state ? { ...state, review } : state;
}
