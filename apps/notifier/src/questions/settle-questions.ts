import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type Person } from '../people/person';
import { PersonRepository } from '../people/person.repository';
import { AskPeople } from './ask-people';
import { CloseQuestions } from './close-questions';
import { ComposeQuestion } from './compose-question';
import { PutQuestion } from './put-question';
import { type Question } from './question';
import { QuestionRepository } from './question.repository';
import { type NameOf } from './sentences';
import { type Settlement } from './settle-question';

/** Decides about one open question; `nameOf` knows the people of whom the fact speaks. */
export type Decide = (question: Question, nameOf: NameOf) => Settlement | null;

/** Brings the open questions about a process in line with what became of it. */
@Injectable()
export class SettleQuestions {
  constructor(
    private readonly people: PersonRepository,
    private readonly questions: QuestionRepository,
    private readonly closer: CloseQuestions,
    private readonly composer: ComposeQuestion,
    private readonly putter: PutQuestion,
    private readonly asker: AskPeople,
  ) {}

  /**
   * Ends or reopens each question as `decide` says, and lets those who are done with one have their next.
   * @param processId of a process that this transaction has locked
   * @param handles of the people of whom the fact speaks
   */
  async settle(tx: Tx, processId: string, handles: readonly (string | null)[], decide: Decide): Promise<void> {
    const locked = await this.people.lockAskedAbout(tx.db, processId);
    const open = await this.questions.openOfProcess(tx.db, processId);
    if (open.length === 0) return;
    const nameOf = await this.composer.names(tx.db, handles);
    const done = new Set<Person>();
    for (const question of open) {
      const settlement = decide(question, nameOf);
      if (settlement === null) continue;
      if ('reopen' in settlement) await this.putter.reopen(tx, question, settlement.reopen);
      else {
        await this.closer.close(tx, question, settlement.close);
        const recipient = locked.get(question.recipient);
        if (recipient !== undefined) done.add(recipient);
      }
    }
    for (const person of done) await this.asker.carryOn(tx, person);
  }
}
