import { type Tx } from '@recert/bus';
import { ProcessDue, ProcessOverdue } from '@recert/contracts';
import { type Emit } from '@recert/recertification';
import { type Schedule } from './schedule';

/** Publishes an event that was found fit to be published. */
export type Announcement = (tx: Tx) => void;

/**
 * What the domain wants said, as an event to be published later.
 * @param askedBy who wanted the question asked now; null where the calendar did
 * @throws ZodError when the schedule holds something that no event may carry
 */
export function announcementOf(schedule: Schedule, emit: Emit, now: Date, askedBy: string | null = null): Announcement {
  const { processId, version, name, section, owner, deputy, url } = schedule;
  const openedAt = emit.openedAt.toISOString();
  const subject = { processId, version, reviewId: emit.reviewId, openedAt, name, section, owner, deputy, url };
  if (emit.type === 'due') {
    const { reason, reminder } = emit;
    const due = ProcessDue.schema.parse({ ...subject, reason, reminder, dueAt: emit.dueAt.toISOString(), askedBy });
    return (tx) => void tx.publish(ProcessDue, due);
  }
  const { level, reason } = emit;
  const overdue = ProcessOverdue.schema.parse({ ...subject, level, reason, at: now.toISOString() });
  return (tx) => void tx.publish(ProcessOverdue, overdue);
}
