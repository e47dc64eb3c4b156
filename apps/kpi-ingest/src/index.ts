export { KpiIngestModule } from './app.module';
export { kpiIngestConfig, type KpiIngestConfig } from './config';
