import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { Metrics } from '@recert/service-kit';

const WAITING = `
  with waiting as (select not_before from delivery where state = 'waiting'),
    updates as (select received_at from telegram_update where handled_at is null and parked_at is null)
  select (select count(*)::int from waiting) as waiting,
    coalesce((select extract(epoch from now() - min(not_before))::float8 from waiting where not_before <= now()), 0) as late,
    coalesce((select extract(epoch from now() - min(received_at))::float8 from updates), 0) as "updateAge",
    (select extract(epoch from max(received_at))::float8 from telegram_update) as "lastUpdate"`;

interface Row {
  readonly waiting: number;
  readonly late: number;
  readonly updateAge: number;
  readonly lastUpdate: number | null;
}

/** Measures the way to people and back. */
@Injectable()
export class MeasureMessages implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly database: ServiceDatabase,
  ) {}

  onModuleInit(): void {
    const { service } = this.database;
    const gauge = (name: string, help: string) => this.metrics.gauge(name, help, ['service']);
    const waiting = gauge('recert_messages_waiting', 'Messages to people that are to be sent, now or later');
    const late = gauge('recert_messages_late_seconds', 'For how long the first message that may be sent has waited');
    const age = gauge('recert_telegram_updates_oldest_seconds', 'Age of the oldest update that is not handled');
    const last = gauge('recert_telegram_last_update_timestamp_seconds', 'When Telegram last told of something');
    this.metrics.measure({
      forget: () => [waiting, late, age, last].forEach((each) => each.remove({ service })),
      read: async () => {
        const [row] = await this.database.query<Row>(WAITING);
        waiting.set({ service }, row!.waiting);
        late.set({ service }, row!.late);
        age.set({ service }, row!.updateAge);
        if (row!.lastUpdate !== null) last.set({ service }, row!.lastUpdate);
      },
    });
  }
}
