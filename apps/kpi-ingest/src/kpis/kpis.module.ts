import { Module } from '@nestjs/common';
import { kpiIngestDatabase } from '../database';
import { ProductsModule } from '../products/products.module';
import { ReportsModule } from '../reports/reports.module';
import { CheckReport } from './check-report';
import { KpiListRepository } from './kpi-list.repository';
import { KpisController } from './kpis.controller';

@Module({
  imports: [kpiIngestDatabase, ProductsModule, ReportsModule],
  controllers: [KpisController],
  providers: [KpiListRepository, CheckReport],
})
export class KpisModule {}
