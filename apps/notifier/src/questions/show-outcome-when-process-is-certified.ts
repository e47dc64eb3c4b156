import { Controller, Inject } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { ProcessCertified } from '@recert/contracts';
import { ASKING_RULES, dayIn, type AskingRules } from './asking-rules';
import { type Question } from './question';
import { outcomes } from './sentences';
import { SettleQuestions } from './settle-questions';

/** Everybody who was asked sees who certified it, and until when. */
@Controller()
export class ShowOutcomeWhenProcessIsCertified {
  constructor(
    private readonly questions: SettleQuestions,
    @Inject(ASKING_RULES) private readonly rules: AskingRules,
  ) {}

  @OnEvent(ProcessCertified, { durable: 'notifier.show-outcome-when-process-is-certified' })
  async handle(certified: ProcessCertified, { tx }: Delivery): Promise<Outcome> {
    const until = dayIn(this.rules.zone, new Date(certified.nextDueAt));
    await this.questions.settle(tx, certified.processId, [certified.by], (question, nameOf) =>
      isSettledBy(question, certified) ? { close: outcomes.certified(until, nameOf(certified.by)) } : null,
    );
    return done;
  }
}

function isSettledBy(question: Question, { responseId, reviewId, version }: ProcessCertified): boolean {
  if (question.responseId === responseId || question.reviewId === reviewId) return true;
  // Nobody had asked the one who certified it: whatever was open before is settled by it.
  return reviewId === null && question.version < version;
}
