import { Controller } from '@nestjs/common';
import { type Delivery, done, OnEvent, type Outcome } from '@recert/bus';
import { ProductRegistered } from '@recert/contracts';
import { ProductRepository } from './product.repository';

/** Keeps by which names a product's alerts are known, and whose they are. */
@Controller()
export class KnowProductWhenProductChanges {
  constructor(private readonly products: ProductRepository) {}

  @OnEvent(ProductRegistered, { durable: 'alert-relay.know-product-when-product-changes' })
  async handle(product: ProductRegistered, { tx }: Delivery): Promise<Outcome> {
    await this.products.learn(tx, product);
    return done;
  }
}
