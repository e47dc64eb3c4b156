import { Controller, Inject } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { ProcessRegistered } from '@recert/contracts';
import { ProcessRepository } from '../processes/process.repository';
import { ASKING_RULES, dayIn, type AskingRules } from './asking-rules';
import { settle, type Change } from './settle-question';
import { SettleQuestions } from './settle-questions';

/** The process as it is now decides what its open questions say: whoever changed it, and wherever. */
@Controller()
export class SettleQuestionsWhenProcessChanges {
  constructor(
    private readonly processes: ProcessRepository,
    private readonly questions: SettleQuestions,
    @Inject(ASKING_RULES) private readonly rules: AskingRules,
  ) {}

  @OnEvent(ProcessRegistered, { durable: 'notifier.settle-questions-when-process-changes' })
  async handle(now: ProcessRegistered, { tx }: Delivery): Promise<Outcome> {
    const before = await this.processes.lock(tx.db, now.processId);
    if (before !== null && before.version >= now.version) return done;
    if (!(await this.processes.save(tx.db, now))) return done;
    const handles = [now.owner, now.deputy, now.lastResponse?.by ?? null];
    const dayOf: Change['dayOf'] = (instant) => dayIn(this.rules.zone, instant);
    await this.questions.settle(tx, now.processId, handles, (question, nameOf) =>
      settle(question, { before, now, nameOf, dayOf }),
    );
    return done;
  }
}
