import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { KpiMissed } from '@recert/contracts';
import { KpiWeekRepository } from './kpi-week.repository';
import { TellMissedKpis } from './tell-missed-kpis';

/** The owner of a product that did not report is asked for it, and then its admins. */
@Controller()
export class AskForKpisWhenTheyAreMissed {
  constructor(
    private readonly weeks: KpiWeekRepository,
    private readonly missing: TellMissedKpis,
  ) {}

  @OnEvent(KpiMissed, { durable: 'notifier.ask-for-kpis-when-they-are-missed' })
  async handle(missed: KpiMissed, { tx }: Delivery): Promise<Outcome> {
    const week = await this.weeks.lock(tx.db, missed);
    // They have come in the meantime.
    if (week.version > 0) return done;
    const chats = await this.missing.say(tx, missed, week.missed?.chats ?? []);
    await this.weeks.saveMissed(tx.db, missed, chats);
    return done;
  }
}
