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
import { shortName, type NameOf } from './sentences';
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
   * Locks the process, ends or reopens each question about it as `decide` says, and lets those who are done with one have
   * their next.
   * @param handles of the people of whom the fact speaks
   */
  async settle(tx: Tx, processId: string, handles: readonly (string | null)[], decide: Decide): Promise<void> {
    // What is asked behind the lock is answered behind it: the connection keeps the order.
    const [people, around] = await Promise.all([
      this.people.lockAskedAbout(tx.db, processId),
      this.questions.openAround(tx.db, processId),
    ]);
    const about = around.filter((question) => question.processId === processId);
    if (about.length === 0) return;
    const locked = await this.withMissing(tx, people, about);
    const nameOf = await this.nameOf(tx, locked, handles);
    const closed = new Set<number>();
    for (const question of about) {
      const settlement = decide(question, nameOf);
      if (settlement === null) continue;
      if ('reopen' in settlement) await this.putter.reopen(tx, question, settlement.reopen);
      else {
        await this.closer.close(tx, question, settlement.close);
        closed.add(question.number);
      }
    }
    const open = around.filter((question) => !closed.has(question.number));
    for (const handle of new Set(about.filter(({ number }) => closed.has(number)).map(({ recipient }) => recipient))) {
      const person = locked.get(handle);
      const theirs = open.filter((question) => question.recipient === handle);
      if (person !== undefined) await this.asker.carryOnWith(tx, person, theirs);
    }
  }

  /** Somebody who was asked while the lock was waited for is locked late: two who do so meet, and one tries again. */
  private async withMissing(
    tx: Tx,
    locked: Map<string, Person>,
    questions: readonly Question[],
  ): Promise<Map<string, Person>> {
    const missing = questions.map(({ recipient }) => recipient).filter((handle) => !locked.has(handle));
    if (missing.length === 0) return locked;
    return new Map([...locked, ...(await this.people.lock(tx.db, missing))]);
  }

  private async nameOf(
    tx: Tx,
    locked: ReadonlyMap<string, Person>,
    handles: readonly (string | null)[],
  ): Promise<NameOf> {
    if (!handles.every((handle) => handle === null || locked.has(handle))) return this.composer.names(tx.db, handles);
    return (handle) => shortName(locked.get(handle)?.name ?? handle);
  }
}
