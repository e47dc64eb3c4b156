import { Module } from '@nestjs/common';
import { MissedModule } from '../missed/missed.module';
import { knownTokens } from './known-tokens';
import { KnowProductWhenProductChanges } from './know-product-when-product-changes';
import { KnowTokenWhenTokenChanges } from './know-token-when-token-changes';
import { ProductRepository } from './product.repository';

@Module({
  imports: [knownTokens, MissedModule],
  controllers: [KnowProductWhenProductChanges, KnowTokenWhenTokenChanges],
  providers: [ProductRepository],
  exports: [ProductRepository],
})
export class ProductsModule {}
