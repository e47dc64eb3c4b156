import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { type Message } from '../messages/rich-text';
import { PersonRepository } from '../people/person.repository';
import { ProcessRepository } from '../processes/process.repository';
import { ASKING_RULES, dayIn, type AskingRules } from './asking-rules';
import { NonceRepository } from './nonce.repository';
import { type Question } from './question';
import { questionMessage } from './question-message';
import { recordLinkOf } from './record-link';
import { shortName, whySentence, type NameOf } from './sentences';

/** Gathers what the message of a question says, and gives it new buttons. */
@Injectable()
export class ComposeQuestion {
  constructor(
    private readonly people: PersonRepository,
    private readonly processes: ProcessRepository,
    private readonly nonces: NonceRepository,
    @Inject(ASKING_RULES) private readonly rules: AskingRules,
  ) {}

  /** @param notice a sentence above the question, such as why the last answer was not taken */
  async compose(
    db: EntityManager,
    question: Question,
    notice?: string,
  ): Promise<{ message: Message; measured: boolean }> {
    const process = await this.processes.find(db, question.processId);
    const disownedBy = process?.disownedBy ?? null;
    const nameOf = await this.names(db, [question.owner, disownedBy]);
    const certifiedAt = process?.certifiedAt ?? null;
    const link = recordLinkOf(question, this.rules.publicUrl);
    const message = questionMessage(question, {
      why: whySentence(question, nameOf, disownedBy),
      certifiedOn: certifiedAt === null ? null : dayIn(this.rules.zone, certifiedAt),
      buttons: await this.nonces.renew(db, question.number),
      recordLink: link?.url ?? null,
      ...(notice === undefined ? {} : { notice }),
    });
    return { message, measured: link?.measured === true };
  }

  /** How these people are called; a handle that nobody has stands for itself. */
  async names(db: EntityManager, handles: readonly (string | null)[]): Promise<NameOf> {
    const known = handles.some((handle) => handle !== null) ? await this.people.find(db, handles) : null;
    return (handle) => shortName(known?.get(handle)?.name ?? handle);
  }
}
