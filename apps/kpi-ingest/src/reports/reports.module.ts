import { Module } from '@nestjs/common';
import { kpiIngestDatabase } from '../database';
import { knownIdentities } from '../identity/known-identities';
import { ProductsModule } from '../products/products.module';
import { AcceptReport } from './accept-report';
import { KpiHook } from './kpi.hook';
import { ReportRepository } from './report.repository';

@Module({
  imports: [kpiIngestDatabase, knownIdentities, ProductsModule],
  providers: [ReportRepository, AcceptReport, KpiHook],
  exports: [AcceptReport, KpiHook],
})
export class ReportsModule {}
