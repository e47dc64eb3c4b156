import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { PersonChanged } from '@recert/contracts';
import { PersonRepository } from './person.repository';

/** Keeps what the registry says of a person: who they are, and whether an invitation is open. */
@Controller()
export class KnowPersonWhenPersonChanges {
  constructor(private readonly people: PersonRepository) {}

  @OnEvent(PersonChanged, { durable: 'notifier.know-person-when-person-changes' })
  async handle(person: PersonChanged, { tx }: Delivery): Promise<Outcome> {
    await this.people.learn(tx.db, person);
    return done;
  }
}
