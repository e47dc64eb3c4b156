import { Controller, Inject } from '@nestjs/common';
import { done, drop, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { ProcessRegistered, ProcessDue } from '@recert/contracts';
import { isTemplate, type Process } from './process';
import { command, type Rules } from './process-change';
import { PROCESS_RULES } from './process-rules';
import { ProcessRepository } from './process.repository';
import { ProcessWriter } from './write-process-changes';

/** A process that is due is logged and reset: its status, its history, its open review. */
@Controller()
export class OpenReviewWhenProcessIsDue {
  constructor(
    private readonly processes: ProcessRepository,
    private readonly writer: ProcessWriter,
    @Inject(PROCESS_RULES) private readonly rules: Rules,
  ) {}

  @OnEvent(ProcessDue, { durable: 'registry.open-review-when-process-is-due', emits: [ProcessRegistered] })
  async handle(due: ProcessDue, { tx, attributes }: Delivery): Promise<Outcome> {
    const { processId, reviewId, reason, reminder, openedAt, askedBy } = due;
    const before = await this.processes.lock(tx, processId);
    if (before === null) return drop(`there is no process "${processId}"`);
    // A reminder happens when it is sent: dated like the opening, it would stand before the answers in between.
    const at = new Date(reminder === 0 ? openedAt : attributes.time);
    const decided = command(before, { type: 'open-review', at, reviewId, reason, reminder }, this.rules);
    // Who thinks that it is due has an old picture of it: the present one is announced once more.
    const isRefused = 'refused' in decided || !before.documented || isTemplate(before);
    const next = isRefused ? { after: isTemplate(before) ? withClosed(before, due) : before, events: [] } : decided;
    if (!isRefused && next.events.length === 0) return done;
    const cause = `${reminder === 0 ? 'review opened' : 'asked again'}: ${reason}`;
    const by = askedBy ?? 'scheduler';
    await this.writer.write(tx, [{ before, ...next, askedBy, reason: { at, by, cause, source: 'scheduler' } }]);
    return done;
  }
}

/**
 * A record that became one of every product while its review was being opened: whoever opened it sees it closed, and
 * asks nobody again.
 */
function withClosed(process: Process, { reviewId, reason, reminder, openedAt }: ProcessDue): Process {
  const review = { id: reviewId, open: false, openedAt: new Date(openedAt), reason, reminder };
  return {
    ...process,
    state: { ...process.state, closedReviewId: reviewId },
    review: { ...review, snoozedUntil: null, disownedBy: null },
  };
}
