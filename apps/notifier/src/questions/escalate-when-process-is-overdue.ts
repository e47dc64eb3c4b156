import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { ProcessOverdue } from '@recert/contracts';
import { ProcessRepository } from '../processes/process.repository';
import { AskAboutReview } from './ask-about-review';
import { isLate, subjectOf, whenOverdue } from './whom-to-ask';

/** Where the owner has not answered, the deputy is asked, and then the admins. */
@Controller()
export class EscalateWhenProcessIsOverdue {
  constructor(
    private readonly processes: ProcessRepository,
    private readonly review: AskAboutReview,
  ) {}

  @OnEvent(ProcessOverdue, { durable: 'notifier.escalate-when-process-is-overdue' })
  async handle(overdue: ProcessOverdue, { tx }: Delivery): Promise<Outcome> {
    const process = await this.processes.lockOrLearn(tx.db, overdue);
    if (isLate(process, { ...overdue, openedAt: new Date(overdue.openedAt), reminder: null })) return done;
    const isKnown = process.review?.id === overdue.reviewId;
    const reason = (isKnown && process.review?.reason) || 'period-over';
    const subject = subjectOf(process, { ...overdue, reason, reminder: 0, dueAt: new Date(overdue.openedAt) });
    return this.review.ask(tx, subject, [subject.owner, subject.deputy], (circle) =>
      whenOverdue(subject, overdue, circle),
    );
  }
}
