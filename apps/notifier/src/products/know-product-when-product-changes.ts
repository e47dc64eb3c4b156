import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { ProductRegistered } from '@recert/contracts';
import { ProductRepository } from './product.repository';

/** Keeps what the registry says of a product: what it is called, and who hears of it. */
@Controller()
export class KnowProductWhenProductChanges {
  constructor(private readonly products: ProductRepository) {}

  @OnEvent(ProductRegistered, { durable: 'notifier.know-product-when-product-changes' })
  async handle(product: ProductRegistered, { tx }: Delivery): Promise<Outcome> {
    await this.products.learn(tx.db, product);
    return done;
  }
}
