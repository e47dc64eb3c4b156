/** What a change of a process means for one open question about it. */
import { type ProcessRegistered } from '@recert/contracts';
import { type KnownProcess } from '../processes/process.repository';
import { type Question } from './question';
import { outcomes, type NameOf } from './sentences';

/** How the question ends, or that it is open again, with the sentence that the message shows. */
export type Settlement = { readonly close: string } | { readonly reopen: string };

export interface Change {
  /** What was known before. */
  readonly before: KnownProcess | null;
  readonly now: ProcessRegistered;
  readonly nameOf: NameOf;
  /** A day of the organisation, such as 2027-11-22. */
  readonly dayOf: (instant: Date) => string;
}

type Response = NonNullable<ProcessRegistered['lastResponse']>;

/** @returns null when the question stays as it is, or when a certification that is still to come will end it */
export function settle(question: Question, change: Change): Settlement | null {
  const { now } = change;
  // It was asked by somebody who knew more than this says.
  if (question.version > now.version) return null;
  if (now.status === 'retired') return { close: outcomes.retired };
  return settleByAnswer(question, change) ?? settleByPeople(question, change) ?? settleByReview(question, now);
}

function settleByAnswer(question: Question, change: Change): Settlement | null {
  const response = change.now.lastResponse;
  if (response === null || response.id === change.before?.responseId) return null;
  if (response.refused !== null) return settleRefused(question, change.now, response, response.refused);
  if (!isAnswered(question, change.now, response)) return null;
  const isTheirs = question.recipient === response.by;
  switch (response.answer) {
    case 'correct':
      return settleCertified(response, change);
    case 'needs-update':
      return { close: isTheirs ? outcomes.updating : outcomes.updatingBy(change.nameOf(response.by)) };
    case 'later': {
      const until = change.now.review?.snoozedUntil;
      return isTheirs && until ? { close: outcomes.snoozed(change.dayOf(new Date(until))) } : null;
    }
    case 'not-mine':
      return isTheirs ? { close: outcomes.disowned } : null;
  }
}

/** The state says what the certificate says: whichever comes first shows it, and somebody waits for it. */
function settleCertified({ by }: Response, { now, nameOf, dayOf }: Change): Settlement | null {
  if (now.status !== 'certified' || now.nextDueAt === null) return null;
  return { close: outcomes.certified(dayOf(new Date(now.nextDueAt)), nameOf(by)) };
}

function settleRefused(
  question: Question,
  now: ProcessRegistered,
  response: Response,
  sentence: string,
): Settlement | null {
  if (question.responseId !== response.id) return null;
  const isOpen = now.review?.open === true && now.review.id === question.reviewId;
  return isOpen && isEntitled(question, now) ? { reopen: sentence } : { close: sentence };
}

/** Whether the answer was given to this question, or to the same review when this was its last reminder or before. */
function isAnswered(question: Question, { review }: ProcessRegistered, response: Response): boolean {
  if (question.responseId === response.id) return true;
  if (review === null || review.id !== question.reviewId) return false;
  if (response.reviewId !== null && response.reviewId !== question.reviewId) return false;
  return question.reminder <= review.reminder;
}

function isEntitled({ role, recipient }: Question, { owner, deputy }: ProcessRegistered): boolean {
  return role === 'admin' || recipient === owner || recipient === deputy;
}

function settleByPeople(question: Question, { now, nameOf }: Change): Settlement | null {
  const { owner, deputy } = now;
  if (question.owner !== owner && question.recipient !== owner) {
    if (owner !== null) return { close: outcomes.nowAskedOf(nameOf(owner)) };
    if (question.role === 'owner') return { close: outcomes.noOwner };
  }
  if (question.role === 'deputy' && question.recipient !== deputy) {
    return { close: deputy === null ? outcomes.over : outcomes.nowAskedOf(nameOf(deputy)) };
  }
  return null;
}

function settleByReview(question: Question, { review, status }: ProcessRegistered): Settlement | null {
  // Its certification is a fact of its own, and says by whom and until when.
  if (review === null || status === 'certified') return null;
  if (review.id === question.reviewId) return review.open ? null : { close: outcomes.over };
  return review.open && new Date(review.openedAt) > question.createdAt ? { close: outcomes.over } : null;
}
