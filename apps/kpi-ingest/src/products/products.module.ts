import { Module } from '@nestjs/common';
import { MissedModule } from '../missed/missed.module';
import { KnowProductWhenProductChanges } from './know-product-when-product-changes';
import { ProductRepository } from './product.repository';

@Module({
  imports: [MissedModule],
  controllers: [KnowProductWhenProductChanges],
  providers: [ProductRepository],
  exports: [ProductRepository],
})
export class ProductsModule {}
