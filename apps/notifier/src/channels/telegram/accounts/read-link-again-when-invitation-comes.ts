import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { PersonChanged } from '@recert/contracts';
import { Wake } from '../../../messages/wake';
import { PersonRepository } from '../../../people/person.repository';
import { WrongCodeRepository } from './wrong-code.repository';

/**
 * Somebody may open their link before the event that tells of it has come, be it that a service was down between the
 * two: what they sent is then read once more, as if it had come after it.
 */
@Controller()
export class ReadLinkAgainWhenInvitationComes {
  constructor(
    private readonly people: PersonRepository,
    private readonly wrongCodes: WrongCodeRepository,
    private readonly wake: Wake,
  ) {}

  @OnEvent(PersonChanged, { durable: 'notifier.read-link-again-when-invitation-comes' })
  async handle(person: PersonChanged, { tx }: Delivery): Promise<Outcome> {
    if (person.invitation === null) return done;
    const { codeHash } = person.invitation;
    await this.wrongCodes.lock(tx.db, codeHash);
    // The consumer that knows people may be behind this one.
    await this.people.learn(tx.db, person);
    if ((await this.wrongCodes.reopen(tx.db, codeHash)) > 0) this.wake.afterCommit(tx, 'updates');
    return done;
  }
}
