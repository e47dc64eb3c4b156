import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { Metrics } from '@recert/service-kit';

/** Measures what is wrong with the products. */
@Injectable()
export class MeasureAlerts implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly database: ServiceDatabase,
  ) {}

  onModuleInit(): void {
    const open = this.metrics.gauge('recert_alerts_open', 'Alerts that are not over, by severity', ['severity']);
    this.metrics.measure({
      forget: () => open.reset(),
      read: async () => {
        const rows = await this.database.query<{ severity: string; n: number }>(
          `select severity, count(*)::int as n from alert where status <> 'resolved' group by severity`,
        );
        for (const { severity, n } of rows) open.set({ severity }, n);
      },
    });
  }
}
