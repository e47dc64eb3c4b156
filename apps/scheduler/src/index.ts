export { SchedulerModule } from './app.module';
export { schedulerConfig, type SchedulerConfig } from './config';
