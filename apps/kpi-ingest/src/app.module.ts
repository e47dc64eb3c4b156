import { type DynamicModule, Module } from '@nestjs/common';
import { IntakeModule } from '@recert/intake';
import { KPI_INGEST_CONFIG, type KpiIngestConfig } from './config';
import { kpiIngestDatabase } from './database';
import { IdentitiesModule } from './identity/identities.module';
import { KpisModule } from './kpis/kpis.module';
import { MissedModule } from './missed/missed.module';
import { ProductsModule } from './products/products.module';
import { KpiHook } from './reports/kpi.hook';
import { ReportsModule } from './reports/reports.module';

/** Products' weekly KPIs by webhook, and the word that they are missing. */
@Module({})
export class KpiIngestModule {
  static forRoot(config: KpiIngestConfig): DynamicModule {
    return {
      module: KpiIngestModule,
      global: true,
      imports: [
        IdentitiesModule,
        ProductsModule,
        ReportsModule,
        IntakeModule.on(kpiIngestDatabase, { imports: [ReportsModule], hooks: [KpiHook], config: KPI_INGEST_CONFIG }),
        MissedModule,
        KpisModule,
      ],
      providers: [{ provide: KPI_INGEST_CONFIG, useValue: config }],
      exports: [KPI_INGEST_CONFIG],
    };
  }
}
