import { recalling, type Recalling, type ServiceDatabase, type Tx } from '@recert/bus';
import { ProcessDue, ProcessOverdue } from '@recert/contracts';
import { type OpenReview } from '@recert/recertification';
import { entryOf, type Schedule, withEntry } from './schedule';
import { ScheduleRepository, toRow } from './schedule.repository';

/**
 * What a restored scheduler has asked since its backup. Without it the same date would open a second review, and an answer
 * to the first would be refused. What became of it says the process's state, which comes again.
 */
export function recallWhatWasSaid(database: ServiceDatabase): Recalling[] {
  const schedules = new ScheduleRepository(database);
  return [
    recalling(ProcessDue, async (due, { tx }) => {
      const { processId, reviewId } = due;
      const openedAt = new Date(due.openedAt);
      if (due.reminder === 0)
        await schedules.insertOccurrences(tx, [{ processId, dueAt: new Date(due.dueAt), reviewId, openedAt }]);
      await change(schedules, tx, processId, (known) => asked(known, due));
    }),
    recalling(ProcessOverdue, ({ processId, reviewId, level }, { tx }) =>
      change(schedules, tx, processId, ({ review }) => (review?.id === reviewId ? { ...review, told: level } : null)),
    ),
  ];
}

function asked({ review }: Schedule, { reviewId: id, reason, reminder, ...due }: ProcessDue): OpenReview | null {
  const openedAt = new Date(due.openedAt);
  if (review !== null && review.openedAt > openedAt) return null;
  const begun = { told: 'owner', snoozedUntil: null, disowned: false } as const;
  return { ...(review?.id === id ? review : begun), id, openedAt, reason, reminder, snoozedUntil: null };
}

/** Looked at at once: what is to be said next, if anything, is reckoned from it. */
async function change(
  schedules: ScheduleRepository,
  tx: Tx,
  processId: string,
  reviewOf: (known: Schedule) => OpenReview | null,
): Promise<void> {
  const known = await schedules.lock(tx, processId);
  const review = known && reviewOf(known);
  if (known === null || review === null) return;
  const after = withEntry(known, { ...entryOf(known), status: 'due', updatingSince: null, review });
  await schedules.update(tx, [toRow(after, new Date())]);
}
