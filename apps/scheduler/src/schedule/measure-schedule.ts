import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { Clock, Metrics } from '@recert/service-kit';
import { ScheduleRepository } from './schedule.repository';

/** Measures how late the scheduler is with what is due. */
@Injectable()
export class MeasureSchedule implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly schedules: ScheduleRepository,
    private readonly database: ServiceDatabase,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    const { service } = this.database;
    const help = 'For how long the first process that is due has not been looked at';
    const late = this.metrics.gauge('recert_schedule_late_seconds', help, ['service']);
    this.metrics.measure({
      forget: () => late.remove({ service }),
      read: async () => {
        const next = await this.schedules.nextWakeAt();
        const lateMs = next === null ? 0 : this.clock.now().getTime() - next.getTime();
        late.set({ service }, Math.max(lateMs, 0) / 1000);
      },
    });
  }
}
