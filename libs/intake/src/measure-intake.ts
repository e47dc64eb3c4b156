import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { Metrics } from '@recert/service-kit';

/** More than this is counted as this. */
const MOST_COUNTED = 10_000;

const WAITING = `
  select (select count(*)::int from (select 1 from intake where handled_at is null limit ${MOST_COUNTED}) as i) as waiting,
    coalesce((select extract(epoch from now() - received_at)::float8 from intake where handled_at is null
      order by id limit 1), 0) as age`;

/** Measures what was accepted and is not handled yet. */
@Injectable()
export class MeasureIntake implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly database: ServiceDatabase,
  ) {}

  onModuleInit(): void {
    const { service } = this.database;
    const help = 'Webhooks that are accepted and not handled yet';
    const waiting = this.metrics.gauge('recert_intake_waiting', help, ['service']);
    const age = this.metrics.gauge('recert_intake_oldest_seconds', 'Age of the oldest of them', ['service']);
    this.metrics.measure({
      forget: () => [waiting, age].forEach((gauge) => gauge.remove({ service })),
      read: async () => {
        const [row] = await this.database.query<{ waiting: number; age: number }>(WAITING);
        waiting.set({ service }, row!.waiting);
        age.set({ service }, row!.age);
      },
    });
  }
}
