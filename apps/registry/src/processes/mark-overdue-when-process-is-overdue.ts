import { Controller, Inject } from '@nestjs/common';
import { done, drop, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { ProcessRegistered, ProcessOverdue } from '@recert/contracts';
import { EvidenceRepository } from './evidence.repository';
import { command, type Rules } from './process-change';
import { PROCESS_RULES } from './process-rules';
import { ProcessRepository } from './process.repository';
import { untilReviewIsKnown } from './wait-for-review';
import { ProcessWriter } from './write-process-changes';

/** A process that nobody answers for in time is overdue; answers still count. */
@Controller()
export class MarkOverdueWhenProcessIsOverdue {
  constructor(
    private readonly processes: ProcessRepository,
    private readonly evidence: EvidenceRepository,
    private readonly writer: ProcessWriter,
    @Inject(PROCESS_RULES) private readonly rules: Rules,
  ) {}

  @OnEvent(ProcessOverdue, { durable: 'registry.mark-overdue-when-process-is-overdue', emits: [ProcessRegistered] })
  async handle(overdue: ProcessOverdue, { tx, deliveries }: Delivery): Promise<Outcome> {
    const { processId, reviewId, level, reason } = overdue;
    const before = await this.processes.lock(tx, processId);
    if (before === null) return drop(`there is no process "${processId}"`);
    const isKnown = await this.evidence.knowsReview(tx, reviewId);
    const wait = isKnown ? null : untilReviewIsKnown(deliveries);
    if (wait !== null) return wait;
    const at = new Date(overdue.at);
    const decided = command(before, { type: 'mark-overdue', at, reviewId }, this.rules);
    if ('refused' in decided || decided.events.length === 0) return done;
    const cause = `overdue: ${reason}, told ${level === 'deputy' ? 'the deputy' : 'the admins'}`;
    await this.writer.write(tx, [{ before, ...decided, reason: { at, by: 'scheduler', cause, source: 'scheduler' } }]);
    return done;
  }
}
