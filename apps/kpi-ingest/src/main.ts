import { runProcess } from '@recert/service-kit';
import { KpiIngestModule } from './app.module';
import { environment, kpiIngestConfig } from './config';

void runProcess(
  { name: 'kpi-ingest', modules: (env) => [KpiIngestModule.forRoot(kpiIngestConfig.parse(env))] },
  environment,
);
