import { type Answer, type ReviewReason } from '@recert/contracts';

/** waiting: only in the inbox so far; asked: a message is under way or there; answered: the registry has yet to decide. */
export type QuestionState = 'waiting' | 'asked' | 'answered' | 'closed';

/** What the one who is asked is to the process. */
export type AskedAs = 'owner' | 'deputy' | 'admin';

/** Why a question goes to somebody who is not the owner. */
export type Escalation = 'no-owner' | 'unreachable' | 'no-answer' | 'not-mine';

/** One question to one person. A reminder is a question of its own, of the same review. */
export interface Question {
  /** Visible as R-1042. */
  readonly number: number;
  readonly reviewId: string;
  readonly processId: string;
  readonly recipient: string;
  readonly role: AskedAs;
  readonly reason: ReviewReason;
  readonly escalation: Escalation | null;
  readonly reminder: number;
  /** What is due longest is asked first. */
  readonly dueAt: Date;
  /** The newest version of the process that was known when it was asked. */
  readonly version: number;
  readonly name: string;
  readonly section: string | null;
  readonly url: string | null;
  /** Whose process it was when it was asked. */
  readonly owner: string | null;
  readonly state: QuestionState;
  readonly place: Place | null;
  readonly createdAt: Date;
  readonly askedAt: Date | null;
  readonly linkCode: string;
  readonly linkMeasured: boolean;
  readonly openedAt: Date | null;
  readonly answer: Answer | null;
  readonly responseId: string | null;
}

/** Where a question stands in a digest. */
export interface Place {
  readonly digest: number;
  /** From 1. */
  readonly place: number;
  readonly total: number;
}

/** The review that is asked about, as the newest word of registry and scheduler has it. */
export type Subject = Pick<
  Question,
  'reviewId' | 'processId' | 'reason' | 'reminder' | 'dueAt' | 'version' | 'name' | 'section' | 'url' | 'owner'
>;

/** The pseudo-recipient of what should reach the admins while there is none: the inbox shows it to every admin. */
export const NOBODY_YET = 'admins';

/**
 * Whether somebody wants it answered now: it goes at once, and does not count as a notice. That nobody answered is no
 * such wish, whatever the review began with.
 */
export function isAskedFor({ reason, escalation }: Pick<Question, 'reason' | 'escalation'>): boolean {
  if (escalation === 'no-answer') return false;
  return reason === 'asked' || reason === 'record-updated' || reason === 'incident';
}

export function visibleNumber(number: number): string {
  return `R-${number}`;
}
