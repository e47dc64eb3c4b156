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
      if (!(await change(schedules, tx, processId, (known) => asked(known, due)))) await insert(schedules, tx, due);
    }),
    recalling(ProcessOverdue, async ({ processId, reviewId, level }, { tx }) => {
      await change(schedules, tx, processId, ({ review }) =>
        review?.id === reviewId ? { ...review, told: level } : null,
      );
    }),
  ];
}

function asked({ review }: Pick<Schedule, 'review'>, said: ProcessDue): OpenReview | null {
  const { reviewId: id, reason, reminder } = said;
  const openedAt = new Date(said.openedAt);
  if (review !== null && review.openedAt > openedAt) return null;
  const begun = { told: 'owner', snoozedUntil: null, disowned: false } as const;
  return { ...(review?.id === id ? review : begun), id, openedAt, reason, reminder, snoozedUntil: null };
}

/** One that the backup had not heard of, as it was when it was asked about. Without it nobody would be reminded. */
async function insert(schedules: ScheduleRepository, tx: Tx, due: ProcessDue): Promise<void> {
  const { processId, version, name, section, owner, deputy, url, dueAt } = due;
  const nothing = { updatingSince: null, endedPromise: null, endedSnooze: null };
  const subject = { processId, version, name, section, owner, deputy, url, documented: true };
  const review = asked({ review: null }, due);
  await schedules.insert(tx, { ...subject, ...nothing, status: 'due', nextDueAt: new Date(dueAt), review }, new Date());
}

/**
 * Looked at at once: what is to be said next, if anything, is reckoned from it.
 * @returns whether the process is known
 */
async function change(
  schedules: ScheduleRepository,
  tx: Tx,
  processId: string,
  reviewOf: (known: Schedule) => OpenReview | null,
): Promise<boolean> {
  const known = await schedules.lock(tx, processId);
  const review = known && reviewOf(known);
  if (known === null || review === null) return known !== null;
  const after = withEntry(known, { ...entryOf(known), status: 'due', updatingSince: null, review });
  await schedules.update(tx, [toRow(after, new Date())]);
  return true;
}
