import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { Clock } from '@recert/service-kit';
import { Wake } from '../messages/wake';
import { chatOf, type Notice, type Person } from '../people/person';
import { PersonRepository } from '../people/person.repository';
import { ASKING_RULES, type AskingRules } from './asking-rules';
import { planNotice } from './plan-notice';
import { PutQuestion } from './put-question';
import { type Question, type Subject } from './question';
import { QuestionRepository, type Ask } from './question.repository';

/** Opens questions, and sends those whose time has come. */
@Injectable()
export class AskPeople {
  constructor(
    private readonly people: PersonRepository,
    private readonly questions: QuestionRepository,
    private readonly putQuestion: PutQuestion,
    private readonly wake: Wake,
    private readonly clock: Clock,
    @Inject(ASKING_RULES) private readonly rules: AskingRules,
  ) {}

  /** @param locked the people among the recipients, locked by this transaction */
  async ask(tx: Tx, subject: Subject, asks: readonly Ask[], locked: ReadonlyMap<string, Person>): Promise<void> {
    for (const ask of asks) await this.questions.open(tx.db, subject, ask, this.clock.now());
    for (const { recipient } of asks) {
      const person = locked.get(recipient);
      if (person !== undefined) await this.carryOn(tx, person);
    }
  }

  /**
   * Sends a person what is to be sent now, and notes when to look again.
   * @param person locked by this transaction
   * @param isHere they have just come: what waits goes out whatever the hours say
   */
  async carryOn(tx: Tx, person: Person, isHere = false): Promise<void> {
    if (!this.rules.telegram || chatOf(person) === null) return;
    await this.carryOnWith(tx, person, await this.questions.openOfRecipient(tx.db, person.handle), isHere);
  }

  /** @param open the questions of the person that are open */
  async carryOnWith(tx: Tx, person: Person, open: readonly Question[], isHere = false): Promise<void> {
    const chatId = this.rules.telegram ? chatOf(person) : null;
    if (chatId === null) return;
    const { hours, zone } = this.rules;
    const { notice } = person;
    const plan = planNotice({ open, notice, hours, zone, now: this.clock.now(), machineNow: new Date(), isHere });
    if (plan.places.length > 0) await this.questions.setPlaces(tx.db, plan.places);
    for (const number of plan.send) {
      const question = open.find((candidate) => candidate.number === number);
      const place = plan.places.find((candidate) => candidate.number === number);
      if (question === undefined) continue;
      await this.put(tx, place === undefined ? question : { ...question, place }, chatId, open);
    }
    if (!isSame(plan.notice, notice)) {
      await this.people.saveNotice(tx.db, person.handle, plan.notice);
      if (plan.notice.nextAt !== null) this.wake.afterCommit(tx, 'notices');
    }
  }

  private async put(tx: Tx, question: Question, chatId: number, open: readonly Question[]): Promise<void> {
    const older = open.filter(
      ({ reviewId, state, number }) => reviewId === question.reviewId && state === 'asked' && number < question.number,
    );
    await this.putQuestion.put(tx, question, chatId, older);
  }
}

function isSame(a: Notice, b: Notice): boolean {
  return (
    a.digest === b.digest &&
    a.lastAt?.getTime() === b.lastAt?.getTime() &&
    a.nextAt?.getTime() === b.nextAt?.getTime() &&
    a.gatherUntil?.getTime() === b.gatherUntil?.getTime()
  );
}
