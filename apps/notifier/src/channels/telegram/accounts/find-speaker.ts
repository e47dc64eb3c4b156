import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { PersonLinked } from '@recert/contracts';
import { Clock } from '@recert/service-kit';
import { type Person } from '../../../people/person';
import { PersonRepository } from '../../../people/person.repository';
import { AskPeople } from '../../../questions/ask-people';

/** Knows who writes. Somebody who was lost and writes again is back. */
@Injectable()
export class FindSpeaker {
  constructor(
    private readonly people: PersonRepository,
    private readonly asker: AskPeople,
    private readonly clock: Clock,
  ) {}

  /** @returns the person, locked; null when the account is nobody's, or of somebody who was switched off */
  async find(tx: Tx, userId: number): Promise<Person | null> {
    const person = await this.people.lockByUser(tx.db, userId);
    if (!person?.active || person.telegram === null) return null;
    if (person.telegram.lost === null) return person;
    const back: Person = { ...person, telegram: { ...person.telegram, lost: null } };
    const now = this.clock.now();
    await this.people.saveTelegram(tx.db, back, now);
    const { handle } = person;
    const at = now.toISOString();
    tx.publish(PersonLinked, { what: 'linked', handle, at, channel: 'telegram', account: String(userId) });
    await this.asker.carryOn(tx, back, true);
    return back;
  }
}
