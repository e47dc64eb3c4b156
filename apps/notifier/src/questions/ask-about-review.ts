import { Inject, Injectable } from '@nestjs/common';
import { done, retry, type Outcome, type Tx } from '@recert/bus';
import { PersonRepository } from '../people/person.repository';
import { AskPeople } from './ask-people';
import { ASKING_RULES, type AskingRules } from './asking-rules';
import { type Question, type Subject } from './question';
import { QuestionRepository, type Ask } from './question.repository';
import { type Circle } from './whom-to-ask';

/** Puts a review to those whom it concerns, as they can be reached now. */
@Injectable()
export class AskAboutReview {
  constructor(
    private readonly people: PersonRepository,
    private readonly questions: QuestionRepository,
    private readonly asker: AskPeople,
    @Inject(ASKING_RULES) private readonly rules: AskingRules,
  ) {}

  /**
   * @param subject of a process that this transaction has locked
   * @param involved handles of those on whose state `whom` depends
   * @param whom decides who is asked, knowing who can be reached
   */
  async ask(
    tx: Tx,
    subject: Subject,
    involved: readonly (string | null)[],
    whom: (circle: Circle) => Ask[],
  ): Promise<Outcome> {
    const { telegram } = this.rules;
    const admins = await this.people.admins(tx.db);
    const expected = whom({ people: await this.people.find(tx.db, involved), admins, telegram });
    const handles = expected.map((ask) => ask.recipient);
    const locked = await this.people.lock(tx.db, [...handles, ...involved.filter((handle) => handle !== null)]);
    const asks = whom({ people: locked, admins, telegram });
    if (asks.some((ask) => !handles.includes(ask.recipient))) {
      return retry(50, 'somebody became unreachable while they were to be asked');
    }
    const open = await this.questions.openOfProcess(tx.db, subject.processId);
    const news = asks.filter((ask) => !open.some((question) => says(question, subject, ask)));
    await this.asker.ask(tx, subject, news, locked);
    return done;
  }
}

/** Whether an open question says already what this one would say, or more. */
function says(question: Question, { reviewId, reminder }: Subject, { recipient, escalation }: Ask): boolean {
  if (question.reviewId !== reviewId || question.recipient !== recipient) return false;
  if (question.escalation !== escalation) return false;
  // A review without an owner is at once due and overdue: that is one thing to say.
  return escalation === 'no-owner' ? question.reminder >= reminder : question.reminder > reminder;
}
