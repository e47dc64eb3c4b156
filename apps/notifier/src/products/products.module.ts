import { Module } from '@nestjs/common';
import { notifierDatabase } from '../database';
import { KnowProductWhenProductChanges } from './know-product-when-product-changes';
import { ProductRepository } from './product.repository';

@Module({
  imports: [notifierDatabase],
  controllers: [KnowProductWhenProductChanges],
  providers: [ProductRepository],
  exports: [ProductRepository],
})
export class ProductsModule {}
