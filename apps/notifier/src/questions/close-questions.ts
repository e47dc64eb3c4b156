import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { Clock } from '@recert/service-kit';
import { Priority } from '../messages/delivery';
import { DeliveryRepository } from '../messages/delivery.repository';
import { Wake } from '../messages/wake';
import { type Question } from './question';
import { outcomeMessage } from './question-message';

/** Ends questions, and lets their messages say how. */
@Injectable()
export class CloseQuestions {
  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly wake: Wake,
    private readonly clock: Clock,
  ) {}

  /** @param question its recipient is locked by this transaction */
  async close(tx: Tx, question: Question, outcome: string, priority: Priority = Priority.outcome): Promise<void> {
    const message = outcomeMessage(question, outcome);
    await this.deliveries.endQuestion(tx, question.number, { outcome, message, priority, at: this.clock.now() });
    this.wake.afterCommit(tx, 'deliveries');
  }
}
