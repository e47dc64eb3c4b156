import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type DueBy } from '../weeks/due-by';
import { type Product } from './product';

export interface ProductRow {
  readonly product_id: string;
  readonly version: number;
  readonly name: string;
  readonly owner: string;
  readonly timezone: string;
  readonly due_by: DueBy;
  readonly active: boolean;
  readonly expected_from: string | null;
}

/** The table `product`. */
@Injectable()
export class ProductRepository {
  /**
   * A product, held until the transaction ends; null for one never heard of. Whoever writes about its weeks holds it:
   * a report and the word that it is missing cannot cross.
   */
  async lock(tx: Tx, productId: string): Promise<Product | null> {
    const [row] = await tx.db.query<ProductRow[]>('select * from product where product_id = $1 for update', [
      productId,
    ]);
    return row === undefined ? null : toProduct(row);
  }

  /**
   * @param wakeAt when it has to be looked at for missed reports
   * @returns false when somebody else has stored as new a product meanwhile
   */
  async save(tx: Tx, product: Product, wakeAt: Date | null): Promise<boolean> {
    const rows = await tx.db.query<unknown[]>(
      `insert into product as p (product_id, version, name, owner, timezone, due_by, active, expected_from, wake_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (product_id) do update set version = excluded.version, name = excluded.name, owner = excluded.owner,
         timezone = excluded.timezone, due_by = excluded.due_by, active = excluded.active,
         expected_from = excluded.expected_from, wake_at = excluded.wake_at
       where p.version < excluded.version
       returning 1`,
      [
        product.productId,
        product.version,
        product.name,
        product.owner,
        product.timezone,
        JSON.stringify(product.dueBy),
        product.active,
        product.expectedFrom,
        wakeAt,
      ],
    );
    return rows.length > 0;
  }
}

export function toProduct(row: ProductRow): Product {
  return {
    productId: row.product_id,
    version: row.version,
    name: row.name,
    owner: row.owner,
    timezone: row.timezone,
    dueBy: row.due_by,
    active: row.active,
    expectedFrom: row.expected_from,
  };
}
