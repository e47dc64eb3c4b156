import {
  wakeAt,
  type Entry,
  type EscalationPolicy,
  type OpenReview,
  type ProcessStatus,
} from '@recert/recertification';

/** A process as the scheduler has heard of it, with the review that it opened itself. */
export interface Schedule {
  readonly processId: string;
  /** Of the newest state heard of. */
  readonly version: number;
  readonly name: string;
  readonly section: string | null;
  readonly owner: string | null;
  readonly deputy: string | null;
  readonly url: string | null;
  readonly documented: boolean;
  readonly status: ProcessStatus;
  readonly nextDueAt: Date | null;
  readonly updatingSince: Date | null;
  readonly review: OpenReview | null;
  /** The promise of an update that a question of ours ended: a state that still shows it was published before that. */
  readonly endedPromise: Date | null;
  /** The snooze that a question of ours ended, likewise. */
  readonly endedSnooze: Date | null;
}

/** What the domain decides on. */
export function entryOf(schedule: Schedule): Entry {
  const { documented, status, nextDueAt, owner, deputy, review, updatingSince } = schedule;
  return {
    status: documented ? status : null,
    nextDueAt,
    owned: owner !== null,
    hasDeputy: deputy !== null,
    review,
    updatingSince,
  };
}

/** The schedule after the domain has spoken about its entry. */
export function withEntry(schedule: Schedule, entry: Entry): Schedule {
  const { updatingSince, review } = schedule;
  const endedPromise = entry.updatingSince ? null : updatingSince;
  const endedSnooze = entry.review?.snoozedUntil ? null : (review?.snoozedUntil ?? null);
  return {
    ...schedule,
    status: entry.status ?? schedule.status,
    nextDueAt: entry.nextDueAt,
    updatingSince: entry.updatingSince,
    review: entry.review,
    endedPromise: endedPromise ?? schedule.endedPromise,
    endedSnooze: endedSnooze ?? schedule.endedSnooze,
  };
}

/** When something is to be said about it; null if never as things stand. */
export function wakeOf(schedule: Schedule, policy: EscalationPolicy): Date | null {
  return wakeAt(entryOf(schedule), policy);
}
