import { type DynamicModule, Module } from '@nestjs/common';
import { SCHEDULER_CONFIG, type SchedulerConfig } from './config';
import { IdentitiesModule } from './identity/identities.module';
import { ScheduleModule } from './schedule/schedule.module';

/** The recert scheduler: says when a process is due, reminded of and overdue. */
@Module({})
export class SchedulerModule {
  static forRoot(config: SchedulerConfig): DynamicModule {
    return {
      module: SchedulerModule,
      global: true,
      imports: [IdentitiesModule, ScheduleModule],
      providers: [{ provide: SCHEDULER_CONFIG, useValue: config }],
      exports: [SCHEDULER_CONFIG],
    };
  }
}
