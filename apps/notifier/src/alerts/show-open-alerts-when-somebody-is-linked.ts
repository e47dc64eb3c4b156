import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { PersonLinked } from '@recert/contracts';
import { PersonRepository } from '../people/person.repository';
import { untilPersonIsKnown } from '../people/wait-for-person';
import { AlertRepository } from './alert.repository';
import { ShowAlert } from './show-alert';

/** Alerts that are open, and that nobody could be told of, are told to the first who can be. */
@Controller()
export class ShowOpenAlertsWhenSomebodyIsLinked {
  constructor(
    private readonly people: PersonRepository,
    private readonly alerts: AlertRepository,
    private readonly show: ShowAlert,
  ) {}

  @OnEvent(PersonLinked, { durable: 'notifier.show-open-alerts-when-somebody-is-linked', concurrency: 1 })
  async handle(linked: PersonLinked, { tx, deliveries }: Delivery): Promise<Outcome> {
    if (linked.what !== 'linked') return done;
    const wait = untilPersonIsKnown((await this.people.find(tx.db, [linked.handle])).get(linked.handle), deliveries);
    if (wait !== null) return wait;
    for (const id of await this.alerts.untold(tx.db)) await this.show.untold(tx, id);
    return done;
  }
}
