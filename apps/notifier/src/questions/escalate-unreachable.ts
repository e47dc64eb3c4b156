import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type Person } from '../people/person';
import { PersonRepository } from '../people/person.repository';
import { ProcessRepository } from '../processes/process.repository';
import { AskPeople } from './ask-people';
import { type Question } from './question';
import { QuestionRepository } from './question.repository';

/** Puts what somebody who cannot be reached was asked to the admins as well. */
@Injectable()
export class EscalateUnreachable {
  constructor(
    private readonly people: PersonRepository,
    private readonly processes: ProcessRepository,
    private readonly questions: QuestionRepository,
    private readonly asker: AskPeople,
  ) {}

  /** @param markLost writes down that the person is lost; false when that is no news */
  async escalate(tx: Tx, handle: string, markLost: (person: Person) => Promise<boolean>): Promise<void> {
    const before = await this.questions.openOfRecipient(tx.db, handle);
    // Processes before people, as everywhere.
    await this.processes.lockAll(tx.db, [...new Set(before.map((question) => question.processId))]);
    const admins = await this.people.admins(tx.db);
    const locked = await this.people.lock(tx.db, [handle, ...admins]);
    const person = locked.get(handle);
    if (person === undefined || !(await markLost(person))) return;
    const open = await this.questions.openOfRecipient(tx.db, handle);
    await this.questions.markUnsent(tx.db, handle);
    for (const question of newestOfReviews(open)) {
      if (question.role === 'admin') continue;
      const known = await this.questions.openOfProcess(tx.db, question.processId);
      const asks = admins
        .filter((admin) => admin !== handle && !known.some((one) => isTold(one, question, admin)))
        .map((recipient) => ({ recipient, role: 'admin' as const, escalation: 'unreachable' as const }));
      await this.asker.ask(tx, question, asks, locked);
    }
  }
}

function newestOfReviews(questions: readonly Question[]): Question[] {
  const newest = new Map<string, Question>();
  for (const question of questions) if (question.state !== 'answered') newest.set(question.reviewId, question);
  return [...newest.values()];
}

function isTold(known: Question, question: Question, admin: string): boolean {
  return known.reviewId === question.reviewId && known.recipient === admin && known.reminder >= question.reminder;
}
