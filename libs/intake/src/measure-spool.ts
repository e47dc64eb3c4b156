import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { HealthChecks, Metrics } from '@recert/service-kit';
import { type Spool } from './spool/spool';
import { SPOOL, WriteOrSpool } from './write-or-spool';

/** Measures what waits on the disk, and says whether the spool is well. */
@Injectable()
export class MeasureSpool implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly health: HealthChecks,
    private readonly database: ServiceDatabase,
    private readonly keeping: WriteOrSpool,
    @Inject(SPOOL) private readonly spool: Spool | null,
  ) {}

  onModuleInit(): void {
    const { service } = this.database;
    const { metrics, keeping, spool } = this;
    const gauge = (name: string, help: string) => metrics.gauge(name, help, ['service']);
    const requests = gauge('recert_spool_requests', 'Webhooks that wait on the disk for the database');
    const bytes = gauge('recert_spool_bytes', 'Bytes of them');
    const aside = gauge(
      'recert_spool_aside_files',
      'Files of the spool that could not be read or written and lie aside',
    );
    const away = gauge(
      'recert_database_away_seconds',
      'For how long webhooks have found no database; 0 when it is here',
    );
    metrics.measure({
      forget: () => [requests, bytes, aside, away].forEach((each) => each.remove({ service })),
      read: async () => {
        requests.set({ service }, spool?.requests ?? 0);
        bytes.set({ service }, spool?.bytes ?? 0);
        aside.set({ service }, spool?.aside ?? 0);
        away.set({ service }, keeping.awaySeconds);
      },
    });
    if (spool !== null) this.health.add(async () => ({ name: `spool ${service}`, ...healthOf(spool) }));
  }
}

/** Waiting is what it is for; no room and what was moved aside are somebody's to look at. */
function healthOf({ requests, hasRoom, aside }: Spool): { ok: boolean; detail: string } {
  if (!hasRoom) return { ok: false, detail: `full: ${requests} webhooks wait for the database` };
  if (aside > 0) return { ok: false, detail: `${aside} files lie aside: see the log, then remove them` };
  return { ok: true, detail: requests === 0 ? 'empty' : `${requests} webhooks wait for the database` };
}
