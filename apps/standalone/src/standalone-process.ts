import { AlertRelayModule, alertRelayConfig } from '@recert/alert-relay';
import { KpiIngestModule, kpiIngestConfig } from '@recert/kpi-ingest';
import { NotifierModule, notifierConfig } from '@recert/notifier';
import { largeBodies, registryConfig, RegistryModule } from '@recert/registry';
import { SchedulerModule, schedulerConfig } from '@recert/scheduler';
import { type ProcessDefinition } from '@recert/service-kit';
import { StandaloneModule } from './standalone.module';

/** All services, and the console. */
export const standaloneProcess: ProcessDefinition = {
  name: 'standalone',
  largeBodies,
  modules: (environment) => [
    StandaloneModule,
    RegistryModule.forRoot(registryConfig.parse(environment)),
    SchedulerModule.forRoot(schedulerConfig.parse(environment)),
    NotifierModule.forRoot(notifierConfig.parse(environment)),
    KpiIngestModule.forRoot(kpiIngestConfig.parse(environment)),
    AlertRelayModule.forRoot(alertRelayConfig.parse(environment)),
  ],
};
