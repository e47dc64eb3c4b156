import { type Provider } from '@nestjs/common';
import { KPI_INGEST_CONFIG, type KpiIngestConfig } from '../config';

/** How long after they were due the KPIs of a week count as missed (`Period | null`). */
export const GRACE = Symbol('grace');

export const graceProvider: Provider = {
  provide: GRACE,
  inject: [KPI_INGEST_CONFIG],
  useFactory: (config: KpiIngestConfig) => config.KPI_GRACE,
};
