import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { ProcessRetired } from '@recert/contracts';
import { ProcessRepository } from '../processes/process.repository';
import { outcomes } from './sentences';
import { SettleQuestions } from './settle-questions';

/** Nobody is asked about a record that is gone. */
@Controller()
export class CloseQuestionsWhenProcessIsRetired {
  constructor(
    private readonly processes: ProcessRepository,
    private readonly questions: SettleQuestions,
  ) {}

  @OnEvent(ProcessRetired, { durable: 'notifier.close-questions-when-process-is-retired' })
  async handle({ processId, version }: ProcessRetired, { tx }: Delivery): Promise<Outcome> {
    const known = await this.processes.lock(tx.db, processId);
    // It came back since.
    if (known !== null && known.version > version) return done;
    await this.processes.retire(tx.db, processId, version);
    await this.questions.settle(tx, processId, [], () => ({ close: outcomes.retired }));
    return done;
  }
}
