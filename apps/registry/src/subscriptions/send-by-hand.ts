import { Injectable } from '@nestjs/common';
import { newEventId, ServiceDatabase, type Tx } from '@recert/bus';
import { Clock, UserError } from '@recert/service-kit';
import { DeliveryRepository } from './delivery.repository';
import { SendDeliveries } from './send-deliveries';
import { SubscriptionRepository } from './subscription.repository';
import { bodyOf } from './write-deliveries';

const TEST = 'subscription.test';

/** Sends what somebody wants to see now, the way that everything goes. */
@Injectable()
export class SendByHand {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly subscriptions: SubscriptionRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly sender: SendDeliveries,
    private readonly clock: Clock,
  ) {}

  /** @returns the delivery of a message of the type `subscription.test`. @throws UserError 404, 409 when nothing is sent there */
  async test(subscriptionId: string): Promise<string> {
    const now = this.clock.now();
    const id = newEventId(now);
    await this.database.transaction(async (tx) => {
      const found = await this.subscriptions.lock(tx, subscriptionId);
      if (found === null) throw UserError.notFound(`subscription "${subscriptionId}"`);
      if (found.state !== 'active') throw UserError.conflict(`It is ${found.state}: set active to true first.`);
      const body = bodyOf(TEST, now, { subscriptionId, name: found.name });
      await this.deliveries.addTo(tx, subscriptionId, { id, subject: TEST, at: now, body }, now);
      this.wake(tx);
    });
    return id;
  }

  /** Under the id that it had: a receiver that has it passes it over. @throws UserError 404, 409 while it is under way */
  async again(subscriptionId: string, eventId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const state = await this.deliveries.sendAgain(tx, subscriptionId, eventId, this.clock.now());
      if (state === null) throw UserError.notFound(`delivery "${eventId}" of this subscription`);
      if (state === 'sending') throw UserError.conflict('It is being sent at this moment.');
      this.wake(tx);
    });
  }

  private wake(tx: Tx): void {
    tx.afterCommit(() => this.sender.expect(this.clock.now()));
  }
}
