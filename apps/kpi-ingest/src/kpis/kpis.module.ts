import { Module } from '@nestjs/common';
import { kpiIngestDatabase } from '../database';
import { KpiListRepository } from './kpi-list.repository';
import { KpisController } from './kpis.controller';

@Module({
  imports: [kpiIngestDatabase],
  controllers: [KpisController],
  providers: [KpiListRepository],
})
export class KpisModule {}
