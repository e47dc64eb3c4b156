/**
 * When the scheduler has to look at a process again, and what it says then: a review opens, its owner is reminded, the
 * deputy is told, the admins are told.
 *
 * A day is 24 hours here and counts from `openedAt`. However long nobody looked, only the newest thing missed is said.
 */
import { type ProcessStatus, type ReviewReason } from './process';
import { DAY_MS } from './zoned-time';

export interface EscalationPolicy {
  /** Days after which the owner is reminded, ascending. */
  readonly reminderDays: readonly number[];
  /** Days after which the deputy, if there is one, is told; null for never. */
  readonly deputyDay: number | null;
  /** Days after which the admins are told; null for never. */
  readonly adminsDay: number | null;
  /** Days after which somebody who promised an update is asked again. */
  readonly notUpdatedDays: number;
}

export const defaultEscalationPolicy: EscalationPolicy = {
  reminderDays: [3, 7],
  deputyDay: 14,
  adminsDay: 21,
  notUpdatedDays: 14,
};

/** Who has been told of an open review, each including those before. */
export type Told = 'owner' | 'deputy' | 'admins';

/** An open review as the scheduler knows it. */
export interface OpenReview {
  readonly id: string;
  /** When its days began to count: when it was opened, or when a silence was broken and the question put anew. */
  readonly openedAt: Date;
  readonly reason: ReviewReason;
  /** The number of the last reminder that was sent or overtaken; 0 is the first question. */
  readonly reminder: number;
  readonly told: Told;
  readonly snoozedUntil: Date | null;
  /** Whether the owner said that the process is not theirs. */
  readonly disowned: boolean;
}

/** One process as the scheduler knows it. */
export interface Entry {
  /** Null while there is nothing to certify: such a process is never asked about. */
  readonly status: ProcessStatus | null;
  readonly nextDueAt: Date | null;
  readonly owned: boolean;
  readonly hasDeputy: boolean;
  readonly review: OpenReview | null;
  /** Since when an update is promised; null unless `updating`. */
  readonly updatingSince: Date | null;
}

/** What is said to the rest of the system. */
export type Emit =
  | {
      readonly type: 'due';
      readonly reviewId: string;
      readonly reason: ReviewReason;
      readonly reminder: number;
      readonly dueAt: Date;
      readonly openedAt: Date;
    }
  | {
      readonly type: 'overdue';
      readonly reviewId: string;
      readonly level: Exclude<Told, 'owner'>;
      /** `no-answer` also where there is no owner to give one. */
      readonly reason: 'no-answer' | 'not-mine';
      readonly openedAt: Date;
    };

/** What to say, and the entry as it is once that is said. */
export interface Wake {
  readonly emit: readonly Emit[];
  readonly entry: Entry;
}

/** When something is to be said about this process, in the past if that is late; null if never as things stand. */
export function wakeAt(entry: Entry, policy: EscalationPolicy): Date | null {
  if (!isAsked(entry)) return null;
  if (entry.status === 'updating') return entry.updatingSince && daysAfter(entry.updatingSince, policy.notUpdatedDays);
  if (!entry.review) return entry.nextDueAt;
  return earliest([nextReminderAt(entry, entry.review, policy), nextEscalation(entry, entry.review, policy)?.at]);
}

/**
 * What to say about a process now. Nothing if it is not yet time, so waking too early does no harm; after it
 * {@link wakeAt} lies later than `now`, or is null.
 * @param newReviewId taken if a review has to be opened.
 */
export function decideWake(entry: Entry, now: Date, newReviewId: string, policy: EscalationPolicy): Wake {
  const due = wakeAt(entry, policy);
  if (!due || due > now) return { emit: [], entry };
  if (entry.status === 'updating') return request(entry, 'not-updated', now, newReviewId, policy);
  if (!entry.review) {
    return request(entry, entry.status === 'uncertified' ? 'first-review' : 'period-over', now, newReviewId, policy);
  }
  const escalated = escalate(entry, entry.review, now, policy);
  return escalated.emit.length > 0 ? escalated : ask(entry, entry.review, entry.review.reason, now, policy);
}

/**
 * Somebody wants a review now, whatever the calendar says: opens one, or asks the open one again for that reason.
 *
 * The days of an open review begin anew when its silence was broken: an update was promised, or the owner is another.
 * Reminders that were sent before still count as sent. A process that is never asked about says nothing.
 * @param newReviewId taken if no review is open.
 */
export function request(
  entry: Entry,
  reason: ReviewReason,
  now: Date,
  newReviewId: string,
  policy: EscalationPolicy,
): Wake {
  if (!isAsked(entry)) return { emit: [], entry };
  const review = entry.review ?? { ...opened, id: newReviewId, openedAt: now, reason };
  const anew = entry.status === 'updating' || reason === 'owner-changed';
  const asked = ask(entry, anew ? { ...review, ...unanswered, openedAt: now } : review, reason, now, policy);
  const followed = asked.entry.review && escalate(asked.entry, asked.entry.review, now, policy);
  return followed ? { emit: [...asked.emit, ...followed.emit], entry: followed.entry } : asked;
}

const unanswered = { told: 'owner', snoozedUntil: null, disowned: false } as const;
/** The first question is the reminder after this one. */
const opened = { ...unanswered, reminder: -1 };

function isAsked({ status }: Entry): boolean {
  return status !== null && status !== 'retired';
}

/** Puts the question to the owner: the first time, or as the next reminder. */
function ask(entry: Entry, review: OpenReview, reason: ReviewReason, now: Date, policy: EscalationPolicy): Wake {
  // The number jumps over reminders that were missed, so that catching up asks once.
  const reminder = Math.max(review.reminder + 1, remindersOver(review, now, policy));
  const asked = { ...review, reason, reminder, snoozedUntil: null };
  const { id: reviewId, openedAt } = review;
  const dueAt = entry.nextDueAt && entry.nextDueAt <= now ? entry.nextDueAt : openedAt;
  const status = entry.status === 'overdue' ? 'overdue' : 'due';
  return {
    emit: [{ type: 'due', reviewId, reason, reminder, dueAt, openedAt }],
    entry: { ...entry, status, updatingSince: null, review: asked },
  };
}

/** Tells the deputy or the admins if it is time, instead of whatever reminder was missed meanwhile. */
function escalate(entry: Entry, review: OpenReview, now: Date, policy: EscalationPolicy): Wake {
  const step = newestEscalation(entry, review, now, policy);
  if (!step) return { emit: [], entry };
  const isSnoozed = review.snoozedUntil !== null && review.snoozedUntil > now;
  return {
    emit: [
      {
        type: 'overdue',
        reviewId: review.id,
        level: step.level,
        reason: review.disowned ? 'not-mine' : 'no-answer',
        openedAt: review.openedAt,
      },
    ],
    entry: {
      ...entry,
      status: 'overdue',
      review: {
        ...review,
        told: step.level,
        reminder: Math.max(review.reminder, remindersOver(review, now, policy)),
        snoozedUntil: isSnoozed ? review.snoozedUntil : null,
      },
    },
  };
}

interface Escalation {
  readonly level: Exclude<Told, 'owner'>;
  readonly at: Date;
}

/** The steps up from whoever was told last, lowest first. Where no owner can answer, the first one is due at once. */
function escalationsLeft({ owned, hasDeputy }: Entry, review: OpenReview, policy: EscalationPolicy): Escalation[] {
  const { openedAt, told, disowned } = review;
  if (told === 'admins') return [];
  if (disowned) return [{ level: 'admins', at: openedAt }];
  const steps: Escalation[] = [];
  const step = (level: Escalation['level'], day: number | null, isFirst: boolean): void => {
    if (!owned && isFirst) steps.push({ level, at: openedAt });
    else if (day !== null) steps.push({ level, at: daysAfter(openedAt, day) });
  };
  if (told === 'owner' && hasDeputy) step('deputy', policy.deputyDay, true);
  step('admins', policy.adminsDay, told === 'owner' && !hasDeputy);
  return steps;
}

function nextEscalation(entry: Entry, review: OpenReview, policy: EscalationPolicy): Escalation | null {
  const steps = escalationsLeft(entry, review, policy);
  return steps.reduce<Escalation | null>((first, step) => (first && first.at <= step.at ? first : step), null);
}

function newestEscalation(entry: Entry, review: OpenReview, now: Date, policy: EscalationPolicy): Escalation | null {
  return escalationsLeft(entry, review, policy).findLast((step) => step.at <= now) ?? null;
}

/** When the owner is next reminded. A snooze puts that off, and then is itself the next reminder. */
function nextReminderAt({ owned }: Entry, review: OpenReview, { reminderDays }: EscalationPolicy): Date | null {
  if (!owned || review.disowned) return null;
  if (review.snoozedUntil) return review.snoozedUntil;
  const day = reminderDays[review.reminder];
  return day === undefined ? null : daysAfter(review.openedAt, day);
}

/** How many of the policy's reminders lie in the past. */
function remindersOver({ openedAt }: OpenReview, now: Date, { reminderDays }: EscalationPolicy): number {
  return reminderDays.filter((day) => daysAfter(openedAt, day) <= now).length;
}

function daysAfter(start: Date, days: number): Date {
  return new Date(start.getTime() + days * DAY_MS);
}

function earliest(dates: readonly (Date | null | undefined)[]): Date | null {
  const times = dates.flatMap((date) => (date ? [date.getTime()] : []));
  return times.length > 0 ? new Date(Math.min(...times)) : null;
}
