/**
 * The life of one process: what it can be, what can be asked of it, what happens to it.
 *
 * `decide` (what follows from a command) and `evolve` (what an event changes) work on these types. They are made so
 * that a state which makes no sense, such as a due process without a review, cannot be written down.
 */

export type ProcessStatus = 'uncertified' | 'due' | 'updating' | 'overdue' | 'certified' | 'retired';

/** Why somebody is asked to look at a process. */
export type ReviewReason =
  | 'first-review'
  | 'period-over'
  | 'asked'
  | 'campaign'
  | 'record-edited'
  | 'record-updated'
  | 'owner-changed'
  | 'not-updated'
  | 'incident'
  | 'reported';

/** What a person may reply to "Do you need to update it?": no, yes, ask somebody else, ask me again. */
export type Answer = 'correct' | 'needs-update' | 'not-mine' | 'later';

/** What the one who answers is to this process. */
export type Standing = 'owner' | 'deputy' | 'admin' | 'stranger';

/** That somebody said at a point in time that the record, as it was then, is correct. */
export interface Certification {
  readonly at: Date;
  readonly by: string;
  /** The revision of the record that was looked at. */
  readonly recordHash: string | null;
  /** The review that was answered; null when nobody had asked. */
  readonly reviewId: string | null;
  /** Whether the record was opened before the answer; null when that is not known. */
  readonly recordOpened: boolean | null;
}

/** An open question about a process. It stays the same review through all its reminders. */
export interface Review {
  readonly id: string;
  readonly openedAt: Date;
  /** Why it was last asked. */
  readonly reason: ReviewReason;
  /** The number of the last reminder; 0 is the first question. */
  readonly reminder: number;
  readonly snoozedUntil: Date | null;
  /** Who said that the process is not theirs. */
  readonly disownedBy: string | null;
}

interface Known {
  /** The revision of the record in the library. */
  readonly recordHash: string | null;
  /** The last certification, kept while a newer one is wanted. */
  readonly certification: Certification | null;
  /** The last review that was closed: late events of it change nothing. */
  readonly closedReviewId: string | null;
}

export type Uncertified = Known & { readonly status: 'uncertified'; readonly certification: null };
export type Due = Known & { readonly status: 'due'; readonly review: Review };
/** The owner said that the record needs an update. `hashThen` is the record it was said of; only another one ends this. */
export type Updating = Known & {
  readonly status: 'updating';
  /** Null when the owner said so without having been asked. */
  readonly review: Review | null;
  readonly since: Date;
  readonly hashThen: string | null;
};
export type Overdue = Known & { readonly status: 'overdue'; readonly review: Review; readonly since: Date };
export type Certified = Known & { readonly status: 'certified'; readonly certification: Certification };
export type Retired = Known & { readonly status: 'retired'; readonly retiredAt: Date };

export type ProcessState = Uncertified | Due | Updating | Overdue | Certified | Retired;

/** From each status, the others it may go to. To stay is always allowed. */
export const transitions = {
  uncertified: ['due', 'updating', 'certified', 'retired'],
  due: ['updating', 'overdue', 'certified', 'retired'],
  updating: ['due', 'certified', 'retired'],
  overdue: ['updating', 'certified', 'retired'],
  certified: ['due', 'retired'],
  retired: ['uncertified'],
} as const satisfies Readonly<Record<ProcessStatus, readonly ProcessStatus[]>>;

/** The review of a process that somebody has still to answer for, if there is one. */
export function openReviewOf(state: ProcessState): Review | null {
  return 'review' in state ? state.review : null;
}

/** The state of a process that has just been seen for the first time. */
export function registered({ recordHash }: { recordHash: string | null }): ProcessState {
  return { status: 'uncertified', recordHash, certification: null, closedReviewId: null };
}

/**
 * The scheduler wants the process reviewed: a new review, or a reminder of the open one.
 * `at` is when the scheduler said so, not when it was heard: that is how a late one is told from a new one.
 */
export interface OpenReviewCommand {
  readonly type: 'open-review';
  readonly at: Date;
  readonly reviewId: string;
  readonly reason: ReviewReason;
  readonly reminder: number;
}

/** A person answers. `reviewId` is the question answered, null when it was not through one. */
export interface RespondCommand {
  readonly type: 'respond';
  readonly at: Date;
  readonly reviewId: string | null;
  readonly answer: Answer;
  readonly by: string;
  readonly standing: Standing;
  readonly recordOpened: boolean | null;
}

export type ProcessCommand =
  | OpenReviewCommand
  | RespondCommand
  | { readonly type: 'mark-overdue'; readonly at: Date; readonly reviewId: string }
  | { readonly type: 'change-record'; readonly at: Date; readonly hash: string }
  | { readonly type: 'change-owner'; readonly at: Date }
  | { readonly type: 'retire'; readonly at: Date }
  | { readonly type: 'restore'; readonly at: Date; readonly hash: string };

/** What happened. `review-wanted` changes nothing here: it asks the scheduler for a review. */
export type ProcessEvent = { readonly at: Date } & (
  | {
      readonly type: 'review-opened';
      readonly reviewId: string;
      readonly reason: ReviewReason;
      readonly reminder: number;
    }
  | { readonly type: 'reminded'; readonly reviewId: string; readonly reason: ReviewReason; readonly reminder: number }
  | { readonly type: 'went-overdue'; readonly reviewId: string }
  | { readonly type: 'update-promised'; readonly reviewId: string | null; readonly by: string }
  | { readonly type: 'certified'; readonly certification: Certification }
  | { readonly type: 'disowned'; readonly reviewId: string; readonly by: string }
  | { readonly type: 'snoozed'; readonly reviewId: string; readonly by: string; readonly until: Date }
  | { readonly type: 'reassigned'; readonly reviewId: string }
  | { readonly type: 'record-changed'; readonly from: string | null; readonly hash: string }
  | { readonly type: 'review-wanted'; readonly reason: ReviewReason }
  | { readonly type: 'retired' }
  | { readonly type: 'restored'; readonly hash: string }
);

export type RefusalReason =
  | 'not-yours'
  | 'stale-question'
  | 'nothing-to-answer'
  | 'record-unchanged'
  | 'retired'
  | 'not-retired'
  | 'review-closed'
  | 'another-review-open';

/** Why a command changes nothing: a code for programs, and a sentence that tells a person what to do. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly message: string;
}

export interface AnswerPolicy {
  /** Days (of 24 hours) after which somebody who said "later" is asked again. */
  readonly laterDays: number;
}
