import { Module } from '@nestjs/common';
import { KnowProductWhenProductChanges } from './know-product-when-product-changes';
import { ProductRepository } from './product.repository';

@Module({
  controllers: [KnowProductWhenProductChanges],
  providers: [ProductRepository],
  exports: [ProductRepository],
})
export class ProductsModule {}
