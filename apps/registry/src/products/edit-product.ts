import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { type ProductPatch } from '@recert/contracts';
import { Clock, UserError } from '@recert/service-kit';
import { Tokens } from '../access/tokens';
import { inImportTurn } from '../library/import-turn';
import { PersonRepository } from '../people/person.repository';
import { checkPeople, weekOf } from './check-product';
import { historyOfProduct, patched, type Product } from './product';
import { ProductRepository } from './product.repository';
import { ProductWriter } from './write-product';

/** Changes a product, and whether it is active: one that is not has no valid token and no process of its own. */
@Injectable()
export class EditProduct {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly products: ProductRepository,
    private readonly people: PersonRepository,
    private readonly writer: ProductWriter,
    private readonly tokens: Tokens,
    private readonly clock: Clock,
  ) {}

  /** @throws UserError 404, 422 for a person or a week that there is not */
  async edit(id: string, patch: ProductPatch, by: string): Promise<Product> {
    return inImportTurn(this.database, async (tx) => {
      const before = await this.products.lock(tx, id);
      if (before === null) throw UserError.notFound(`product "${id}"`);
      const after = patched(before, patch, weekOf(patch.week ?? {}, before.week));
      const isActivated = after.active && !before.active;
      // Whoever owned it while nobody used it may have left.
      await checkPeople(this.people, tx.db, isActivated ? after : patch);
      const what = isActivated ? ' was activated' : before.active && !after.active ? ' was deactivated' : ': edit';
      const reason = { at: this.clock.now(), by, cause: `product ${id}${what}`, source: 'http' };
      if (historyOfProduct(before, after, reason).length === 0) return before;
      const revoked = after.active ? [] : await this.tokens.revokeOfProduct(tx, id, by);
      return this.writer.write(tx, { before, after, reason }, revoked);
    });
  }
}
