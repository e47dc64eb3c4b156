import { runProcess } from '@recert/service-kit';
import { SchedulerModule } from './app.module';
import { environment, schedulerConfig } from './config';

void runProcess(
  { name: 'scheduler', modules: (env) => [SchedulerModule.forRoot(schedulerConfig.parse(env))] },
  environment,
);
