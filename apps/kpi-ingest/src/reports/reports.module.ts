import { Module } from '@nestjs/common';
import { kpiIngestDatabase } from '../database';
import { knownTokens } from '../products/known-tokens';
import { ProductsModule } from '../products/products.module';
import { AcceptReport } from './accept-report';
import { KpiHook } from './kpi.hook';
import { ReportRepository } from './report.repository';

@Module({
  imports: [kpiIngestDatabase, knownTokens, ProductsModule],
  providers: [ReportRepository, AcceptReport, KpiHook],
  exports: [KpiHook],
})
export class ReportsModule {}
