import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { Metrics } from '@recert/service-kit';

/** Measures how the library stands. */
@Injectable()
export class MeasureProcesses implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly database: ServiceDatabase,
  ) {}

  onModuleInit(): void {
    const processes = this.metrics.gauge('recert_processes', 'Processes of the library, by status', ['status']);
    this.metrics.measure({
      forget: () => processes.reset(),
      read: async () => {
        const rows = await this.database.query<{ status: string; n: number }>(
          'select status, count(*)::int as n from process group by status',
        );
        for (const { status, n } of rows) processes.set({ status }, n);
      },
    });
  }
}
