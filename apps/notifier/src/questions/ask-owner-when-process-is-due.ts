import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { ProcessDue } from '@recert/contracts';
import { ProcessRepository } from '../processes/process.repository';
import { AskAboutReview } from './ask-about-review';
import { isLate, subjectOf, whenDue } from './whom-to-ask';

/** The owner is asked; the admins too, where the owner cannot be. */
@Controller()
export class AskOwnerWhenProcessIsDue {
  constructor(
    private readonly processes: ProcessRepository,
    private readonly review: AskAboutReview,
  ) {}

  @OnEvent(ProcessDue, { durable: 'notifier.ask-owner-when-process-is-due' })
  async handle(due: ProcessDue, { tx }: Delivery): Promise<Outcome> {
    const process = await this.processes.lockOrLearn(tx.db, due);
    if (isLate(process, { ...due, openedAt: new Date(due.openedAt) })) return done;
    const subject = subjectOf(process, { ...due, dueAt: new Date(due.dueAt) });
    return this.review.ask(tx, subject, [subject.owner], (circle) => whenDue(subject.owner, circle));
  }
}
