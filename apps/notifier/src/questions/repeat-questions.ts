import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { DeliveryRepository } from '../messages/delivery.repository';
import { chatOf, type Person } from '../people/person';
import { PutQuestion } from './put-question';
import { QuestionRepository } from './question.repository';

/** As many as fit on a screen, and into the few seconds that somebody waits. */
const AT_ONCE = 5;

/** Shows a person the questions that wait for them once more, because they asked. */
@Injectable()
export class RepeatQuestions {
  constructor(
    private readonly questions: QuestionRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly putter: PutQuestion,
  ) {}

  /**
   * @param person locked by this transaction
   * @returns how many wait, and how many of them are shown
   */
  async repeat(tx: Tx, person: Person): Promise<{ waiting: number; repeated: number }> {
    const chatId = chatOf(person);
    const waiting = await this.questions.inbox(tx.db, person.handle);
    // Somebody who asks faster than a chat may be spoken to sees what is on its way already.
    if (chatId === null || (await this.deliveries.waitingFor(tx.db, chatId)) >= AT_ONCE) {
      return { waiting: waiting.length, repeated: waiting.length };
    }
    const shown = waiting.slice(0, AT_ONCE);
    for (const question of shown) await this.putter.repeat(tx, question, chatId);
    return { waiting: waiting.length, repeated: shown.length };
  }
}
