import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { UserError } from '@recert/service-kit';
import { Tokens, type NewToken } from '../access/tokens';
import { scopesOf } from './product';
import { ProductRepository } from './product.repository';

/** Rotation: the new token of a product is put in place before the old one is revoked. */
@Injectable()
export class MakeAnotherToken {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly products: ProductRepository,
    private readonly tokens: Tokens,
  ) {}

  /** @throws UserError 404, 409 for a product that is not active or has two valid tokens */
  async make(productId: string, by: string): Promise<NewToken> {
    return this.database.transaction(async (tx) => {
      // Locked, so that of two who ask at the same time the second sees the token of the first.
      const product = await this.products.lock(tx, productId);
      if (product === null) throw UserError.notFound(`product "${productId}"`);
      if (!product.active) throw UserError.conflict(`"${productId}" is not active: activate the product first.`);
      const wanted = { name: productId, scopes: scopesOf(productId), product: productId };
      return this.tokens.makeAnother(tx, wanted, await this.tokens.ofProduct(tx, productId), by);
    });
  }
}
