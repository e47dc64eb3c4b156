import { type ProcessRegistered, type ProcessRetired } from '@recert/contracts';
import { type OpenReview } from '@recert/recertification';
import { type Schedule } from './schedule';

/**
 * The schedule after a newer state of the process was heard of.
 *
 * A review of ours outlives the states that were published before the registry heard of it. It ends when a state shows
 * that very review closed, or shows that the registry refuses it: retired, undocumented, certified after it was opened,
 * or another review is open.
 * @param state of a higher version than `known`
 */
export function follow(known: Schedule | null, state: ProcessRegistered): Schedule {
  const heard = factsOf(state);
  if (state.status === 'retired') return heard;
  const ours = known?.review ?? null;
  if (known && ours && !hasHeardOf(ours, state)) return { ...heard, ...ownOf(known) };
  if (!state.review?.open) return heard;
  const { endedPromise = null, endedSnooze = null } = known ?? {};
  const isPromiseOver = endedPromise !== null && isSame(heard.updatingSince, endedPromise);
  if (known && isPromiseOver) return { ...heard, ...ownOf(known) };
  return { ...heard, review: reviewOf(state.review, known), endedPromise, endedSnooze };
}

/** What is left of a process that is gone: its version, so that no late state brings it back. */
export function forget(known: Schedule | null, retired: ProcessRetired): Schedule {
  const { processId, version, name, owner } = retired;
  const subject = { section: null, deputy: null, url: null, documented: false, ...known };
  return { ...subject, processId, version, name, owner, ...nothingAsked, status: 'retired', nextDueAt: null };
}

const nothingAsked = { updatingSince: null, review: null, endedPromise: null, endedSnooze: null };

function factsOf(state: ProcessRegistered): Schedule {
  const { processId, version, name, section, owner, deputy, url, documented, status } = state;
  return {
    ...nothingAsked,
    ...{ processId, version, name, section, owner, deputy, url, documented, status },
    nextDueAt: dateOf(state.nextDueAt),
    updatingSince: dateOf(state.updatingSince),
  };
}

/** What we know better than a state from before the registry heard of it. */
function ownOf({ status, updatingSince, review, endedPromise, endedSnooze }: Schedule): Partial<Schedule> {
  return { status, updatingSince, review, endedPromise, endedSnooze };
}

/** Whether the registry knew of our review when it published this state, or does not take it as things stand. */
function hasHeardOf(ours: OpenReview, { review, certificationDate, documented }: ProcessRegistered): boolean {
  if (review?.id === ours.id || review?.open) return true;
  return !documented || (certificationDate !== null && new Date(certificationDate) > ours.openedAt);
}

/**
 * The open review that a state shows: ours with what the owner has said of it since. One that is not ours was opened
 * before we lost our data, and is followed from its beginning.
 */
function reviewOf(shown: NonNullable<ProcessRegistered['review']>, known: Schedule | null): OpenReview {
  const { id, reason } = shown;
  const fromTheBeginning = { id, reason, openedAt: new Date(shown.openedAt), reminder: 0, told: 'owner' } as const;
  const ours = known?.review?.id === id ? known.review : fromTheBeginning;
  const snoozedUntil = dateOf(shown.snoozedUntil);
  const isSnoozeOver = isSame(snoozedUntil, known?.endedSnooze ?? null);
  return {
    ...ours,
    reminder: Math.max(ours.reminder, shown.reminder),
    snoozedUntil: isSnoozeOver ? null : snoozedUntil,
    disowned: shown.disownedBy !== null,
  };
}

function isSame(a: Date | null, b: Date | null): boolean {
  return a?.getTime() === b?.getTime();
}

function dateOf(instant: string | null): Date | null {
  return instant === null ? null : new Date(instant);
}
