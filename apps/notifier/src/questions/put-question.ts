import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { Clock } from '@recert/service-kit';
import { Priority } from '../messages/delivery';
import { DeliveryRepository } from '../messages/delivery.repository';
import { Wake } from '../messages/wake';
import { CloseQuestions } from './close-questions';
import { ComposeQuestion } from './compose-question';
import { isAskedFor, visibleNumber, type Question } from './question';
import { outcomeMessage } from './question-message';
import { QuestionRepository } from './question.repository';
import { outcomes } from './sentences';

/** Puts a question into a person's chat. */
@Injectable()
export class PutQuestion {
  constructor(
    private readonly questions: QuestionRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly composer: ComposeQuestion,
    private readonly closer: CloseQuestions,
    private readonly wake: Wake,
    private readonly clock: Clock,
  ) {}

  /** @param older questions of the same review to the same person: their messages point to this one from now on */
  async put(tx: Tx, question: Question, chatId: number, older: readonly Question[] = []): Promise<void> {
    const asAbove = outcomes.again(visibleNumber(question.number));
    for (const replaced of older) await this.closer.close(tx, replaced, asAbove, Priority.again);
    await this.send(tx, question, chatId, isAskedFor(question) ? Priority.askedFor : Priority.notice);
  }

  /** The same question once more, because the person wants to see it: its old message points to the new one. */
  async repeat(tx: Tx, question: Question, chatId: number): Promise<void> {
    const asAbove = outcomeMessage(question, outcomes.again(visibleNumber(question.number)));
    await this.deliveries.retireMessage(tx, question.number, asAbove);
    await this.send(tx, question, chatId, Priority.reply);
  }

  /** The answer was not taken: the buttons come back, under the sentence that says why. */
  async reopen(tx: Tx, question: Question, why: string): Promise<void> {
    await this.questions.reopen(tx.db, question.number);
    const { message } = await this.composer.compose(tx.db, question, why);
    await this.deliveries.editQuestion(tx, question.number, message);
    this.wake.afterCommit(tx, 'deliveries');
  }

  private async send(tx: Tx, question: Question, chatId: number, priority: Priority): Promise<void> {
    const { message, measured } = await this.composer.compose(tx.db, question);
    await this.questions.markAsked(tx.db, question.number, chatId, measured, this.clock.now());
    const { recipient, number } = question;
    await this.deliveries.send(tx, { recipient, chatId, priority, message, question: number, dedupeKey: null });
    this.wake.afterCommit(tx, 'deliveries');
  }
}
