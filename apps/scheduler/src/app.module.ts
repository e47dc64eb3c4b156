import { type DynamicModule, Module } from '@nestjs/common';
import { SCHEDULER_CONFIG, type SchedulerConfig } from './config';
import { ScheduleModule } from './schedule/schedule.module';

/** The recert scheduler: says when a process is due, reminded of and overdue. */
@Module({})
export class SchedulerModule {
  static forRoot(config: SchedulerConfig): DynamicModule {
    return {
      module: SchedulerModule,
      global: true,
      imports: [ScheduleModule],
      providers: [{ provide: SCHEDULER_CONFIG, useValue: config }],
      exports: [SCHEDULER_CONFIG],
    };
  }
}
