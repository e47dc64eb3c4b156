import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type HistoryEntry } from '../history/history-chain';
import { ProcessPlanner } from '../library/process-planner';
import { type ProcessChange, type Reason } from '../processes/process-change';
import { handedOver, historyOfProduct, type Product } from '../products/product';
import { ProductRepository } from '../products/product.repository';
import { MakeOwners } from './make-owners';

/** What leaves behind a product that was handed over: what its processes become, and rows of the history. */
export interface HandedOver {
  readonly changes: readonly ProcessChange[];
  readonly entries: readonly HistoryEntry[];
}

/** The products of a person, and what becomes of them when the person leaves. */
@Injectable()
export class HandOverProducts {
  constructor(
    private readonly products: ProductRepository,
    private readonly planner: ProcessPlanner,
    private readonly owners: MakeOwners,
  ) {}

  /** Locks what the person owns, or is an admin of, until the transaction ends. */
  async belongings(tx: Tx, handle: string): Promise<Product[]> {
    return this.products.lockOfPerson(tx, handle);
  }

  /** The heir owns their products, in a transaction of `inImportTurn`; an admin who leaves is none any more. */
  async handOver(
    tx: Tx,
    belongings: readonly Product[],
    handle: string,
    heir: string | null,
    reason: Reason,
  ): Promise<HandedOver> {
    const entries: HistoryEntry[] = [];
    for (const before of belongings) {
      const after = handedOver(before, handle, heir);
      const rows = historyOfProduct(before, after, reason);
      if (rows.length > 0) await this.products.save(tx, after);
      entries.push(...rows);
    }
    if (heir !== null && entries.length > 0) entries.push(...(await this.owners.of(tx, [heir], reason)));
    return { changes: entries.length === 0 ? [] : await this.planner.ofProducts(tx.db, reason), entries };
  }
}
