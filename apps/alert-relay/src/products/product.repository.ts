import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type ProductRegistered } from '@recert/contracts';
import { type EntityManager } from 'typeorm';

/** The table `product`: what the registry says of them, as far as an alert needs it. */
@Injectable()
export class ProductRepository {
  /** Takes the registry's word unless a newer one is known. */
  async learn(tx: Tx, product: ProductRegistered): Promise<void> {
    const { productId, version, name, sentryProject, active, owner, admins } = product;
    await tx.db.query(
      `insert into product (id, version, name, sentry_project, active, owner, admins)
       values ($1, $2, $3, lower($4), $5, $6, $7)
       on conflict (id) do update
         set version = $2, name = $3, sentry_project = lower($4), active = $5, owner = $6, admins = $7
       where product.version < $2 or (product.version = $2 and product.owner is null)`,
      [productId, version, name, sentryProject, active, owner, admins],
    );
  }

  /** Which of these products are this person's, as their owner or as one of their admins. */
  async ofPerson(db: EntityManager, handle: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    const rows = await db.query<{ id: string }[]>(
      'select id from product where id = any($1) and (owner = $2 or $2 = any(admins))',
      [ids, handle],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** The product whose id the first known one of these names is, in whatever case. */
  async ofIds(tx: Tx, hints: readonly string[]): Promise<string | null> {
    return this.first(tx, 'id', hints);
  }

  /** The product whose project in Sentry, by slug or id, the first known one of these names is, in whatever case. */
  async ofSentryProjects(tx: Tx, hints: readonly string[]): Promise<string | null> {
    return this.first(tx, 'sentry_project', hints);
  }

  private async first(tx: Tx, column: 'id' | 'sentry_project', hints: readonly string[]): Promise<string | null> {
    if (hints.length === 0) return null;
    const [row] = await tx.db.query<{ id: string }[]>(
      `select id from product where ${column} = any($1::text[])
       order by active desc, array_position($1::text[], ${column}), id limit 1`,
      [hints.map((hint) => hint.toLowerCase())],
    );
    return row?.id ?? null;
  }
}
