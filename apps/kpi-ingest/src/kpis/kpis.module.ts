import { Module } from '@nestjs/common';
import { kpiIngestDatabase } from '../database';
import { ProductsModule } from '../products/products.module';
import { ReportsModule } from '../reports/reports.module';
import { KpiListRepository } from './kpi-list.repository';
import { KpisController } from './kpis.controller';
import { SendTestReport } from './send-test-report';

@Module({
  imports: [kpiIngestDatabase, ProductsModule, ReportsModule],
  controllers: [KpisController],
  providers: [KpiListRepository, SendTestReport],
})
export class KpisModule {}
