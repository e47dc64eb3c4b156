import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventServer, type ServiceDatabase } from '@recert/bus';
import { Gauge } from 'prom-client';
import { HealthChecks } from '../health-checks';
import { Metrics } from '../metrics';

/** More than this is counted as this: it is many, and counting it would take long. */
const MOST_COUNTED = 10_000;

const WAITING = `
  select (select count(*)::int from (select 1 from outbox where published_at is null limit ${MOST_COUNTED}) as o) as unsent,
    coalesce((select extract(epoch from now() - created_at)::float8 from outbox where published_at is null
      order by id limit 1), 0) as age,
    (select count(*)::int from (select 1 from dead_letter where replayed_at is null limit ${MOST_COUNTED}) as d) as letters`;

/** Measures what every service has: outbox, dead letters, connections, backlog of its consumers, health. */
@Injectable()
export class MeasureServices implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly events: EventServer,
    private readonly others: HealthChecks,
  ) {}

  onModuleInit(): void {
    this.measureTables();
    this.measurePools();
    this.measureBacklog();
    this.measureHealth();
  }

  private measureTables(): void {
    const { metrics } = this;
    const unsent = metrics.gauge('recert_outbox_unsent', 'Events that are committed and not on the bus yet', [
      'service',
    ]);
    const age = metrics.gauge('recert_outbox_oldest_seconds', 'Age of the oldest event that is not on the bus', [
      'service',
    ]);
    const letters = metrics.gauge('recert_dead_letters_open', 'Dead letters that were not replayed', ['service']);
    metrics.measure({
      forget: () => [unsent, age, letters].forEach((gauge) => gauge.reset()),
      read: async () => {
        const read = async (database: ServiceDatabase): Promise<void> => {
          const [row] = await database.query<{ unsent: number; age: number; letters: number }>(WAITING);
          const { service } = database;
          unsent.set({ service }, row!.unsent);
          age.set({ service }, row!.age);
          letters.set({ service }, row!.letters);
        };
        await Promise.all(this.events.joined().map(read));
      },
    });
  }

  /** Looked at when all else is read: what that asked for waited for a connection itself. */
  private measurePools(): void {
    const { events } = this;
    new Gauge({
      name: 'recert_database_connections',
      help: 'Connections to the database (busy, idle), and how much work waits for one',
      labelNames: ['service', 'state'],
      registers: [this.metrics.registry],
      collect() {
        for (const { service, connections } of events.joined())
          for (const [state, n] of Object.entries(connections)) this.set({ service, state }, n);
      },
    });
  }

  private measureBacklog(): void {
    const help = 'Events that the bus holds for a consumer, those in hand among them';
    const backlog = this.metrics.gauge('recert_bus_backlog', help, ['durable']);
    this.metrics.measure({
      forget: () => backlog.reset(),
      read: async () => {
        for (const [durable, events] of await this.events.backlog()) backlog.set({ durable }, events);
      },
    });
  }

  private measureHealth(): void {
    const help = 'Whether what the process depends on is well, as /health/ready says it';
    const health = this.metrics.gauge('recert_health_ok', help, ['check']);
    this.metrics.measure({
      forget: () => health.reset(),
      read: async () => {
        const checks = await Promise.all([this.events.health(), this.others.all()]);
        for (const { name: check, ok } of checks.flat()) health.set({ check }, ok ? 1 : 0);
      },
    });
  }
}
