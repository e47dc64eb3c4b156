import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { PersonLinked } from '@recert/contracts';
import { Clock } from '@recert/service-kit';
import { DeliveryRepository } from '../../../messages/delivery.repository';
import { type Person } from '../../../people/person';
import { PersonRepository } from '../../../people/person.repository';
import { EscalateUnreachable } from '../../../questions/escalate-unreachable';

/** A person's Telegram account cannot be reached any more: that is announced, and others are asked instead. */
@Injectable()
export class LoseAccount {
  constructor(
    private readonly people: PersonRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly escalation: EscalateUnreachable,
    private readonly clock: Clock,
  ) {}

  /** Does nothing when the account is nobody's, or lost already. */
  async lose(tx: Tx, account: { chatId: number } | { userId: number }, reason: string): Promise<void> {
    const found = await this.people.findByAccount(tx.db, account);
    if (found === null) return;
    await this.escalation.escalate(tx, found.handle, (locked) => this.markLost(tx, locked, reason));
  }

  /** @returns whether it was not lost before */
  private async markLost(tx: Tx, person: Person, reason: string): Promise<boolean> {
    if (person.telegram === null || person.telegram.lost !== null) return false;
    await this.people.saveTelegram(tx.db, { ...person, telegram: { ...person.telegram, lost: reason } }, null);
    await this.deliveries.withdrawFrom(tx.db, person.telegram.chatId);
    const at = this.clock.now().toISOString();
    tx.publish(PersonLinked, { what: 'lost', handle: person.handle, at, channel: 'telegram', reason });
    return true;
  }
}
