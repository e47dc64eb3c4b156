import { Module } from '@nestjs/common';
import { registryDatabase } from '../database';
import { ProcessPlanner } from '../library/process-planner';
import { ProcessesModule } from '../processes/processes.module';
import { ProductRepository } from './product.repository';

/** The table of products and what it means for processes, apart from what is done with products: libraries and people need both. */
@Module({
  imports: [registryDatabase, ProcessesModule],
  providers: [ProductRepository, ProcessPlanner],
  exports: [ProductRepository, ProcessPlanner],
})
export class ProductStoreModule {}
