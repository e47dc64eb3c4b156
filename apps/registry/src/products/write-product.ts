import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { UserError } from '@recert/service-kit';
import { type HistoryEntry } from '../history/history-chain';
import { ProcessPlanner } from '../library/process-planner';
import { MakeOwners } from '../people/make-owners';
import { type Reason } from '../processes/process-change';
import { ProcessWriter } from '../processes/write-process-changes';
import { historyOfProduct, type Product } from './product';
import { ProductRepository } from './product.repository';

export interface ProductChange {
  /** Null for a new one, else locked by the transaction. */
  readonly before: Product | null;
  readonly after: Product;
  readonly reason: Reason;
}

/** The one way to change a product: its row, the processes it has, history and events belong to one transaction. */
@Injectable()
export class ProductWriter {
  constructor(
    private readonly products: ProductRepository,
    private readonly planner: ProcessPlanner,
    private readonly processes: ProcessWriter,
    private readonly owners: MakeOwners,
  ) {}

  /**
   * Once in a transaction of `inImportTurn`, and last in it: the end of the history is locked by it.
   * @param others rows of the history about what changed beside it
   * @throws UserError 409 when a new one has the id of another
   */
  async write(
    tx: Tx,
    { before, after, reason }: ProductChange,
    others: readonly HistoryEntry[] = [],
  ): Promise<Product> {
    const product = before === null ? await this.products.add(tx, after) : await this.products.save(tx, after);
    if (product === null) {
      throw UserError.conflict(`There is a product "${after.id}" already: change that one, or give another id.`);
    }
    const changes = await this.planner.ofProducts(tx.db, reason);
    const rows = [...historyOfProduct(before, product, reason), ...others];
    const given = product.active ? [product.owner, ...product.admins] : [];
    rows.push(...(await this.owners.of(tx, given, reason)));
    await this.processes.writeUnlocked(tx, changes, rows);
    return product;
  }
}
