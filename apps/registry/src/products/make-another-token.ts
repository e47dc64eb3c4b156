import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { UserError } from '@recert/service-kit';
import { Tokens, type NewToken } from '../access/tokens';
import { HistoryRepository } from '../history/history.repository';
import { scopesOf } from './product';
import { ProductRepository } from './product.repository';

/** The one in use, and the one that takes its place. */
const MOST_VALID = 2;

/** Rotation: the new token of a product is put in place before the old one is revoked. */
@Injectable()
export class MakeAnotherToken {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly products: ProductRepository,
    private readonly tokens: Tokens,
    private readonly history: HistoryRepository,
  ) {}

  /** @throws UserError 404, 409 for a product that is not active or has two valid tokens */
  async make(productId: string, by: string): Promise<NewToken> {
    return this.database.transaction(async (tx) => {
      // Locked, so that of two who ask at the same time the second sees the token of the first.
      const product = await this.products.lock(tx, productId);
      if (product === null) throw UserError.notFound(`product "${productId}"`);
      if (!product.active) throw UserError.conflict(`"${productId}" is not active: activate the product first.`);
      const valid = await this.tokens.ofProduct(tx, productId);
      if (valid.length >= MOST_VALID) {
        const ids = valid.map((token) => token.id);
        throw UserError.conflict(
          `"${productId}" has the tokens ${ids.join(' and ')} already: revoke one, DELETE /api/tokens/${ids[0]}.`,
        );
      }
      const made = await this.tokens.make(tx, { name: productId, scopes: scopesOf(productId), product: productId }, by);
      await this.history.append(tx, made.entries);
      return made;
    });
  }
}
