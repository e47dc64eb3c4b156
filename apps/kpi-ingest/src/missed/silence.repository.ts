import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type ProductRow } from '../products/product.repository';
import { type IsoWeek } from '../weeks/iso-week';

/** A product and one of its weeks. */
export interface ProductWeek {
  readonly productId: string;
  readonly week: IsoWeek;
}

/** What is known of a product when one of its weeks is in question. */
export interface Evidence {
  readonly product_id: string;
  readonly is_reported: boolean;
  /** The latest week that was said to be missing. */
  readonly said_week: string | null;
  readonly owner_told_at: Date | null;
  readonly admins_told_at: Date | null;
  /** The newest report, whatever week it is of. */
  readonly heard_at: Date | null;
  readonly heard_week: string | null;
}

/** The table `silence`, and when products have to be looked at. */
@Injectable()
export class SilenceRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /** Up to `limit` products that have to be looked at by `now`, held until the transaction ends, without those held by others. */
  async claimDue(tx: Tx, now: Date, limit: number): Promise<ProductRow[]> {
    return tx.db.query<ProductRow[]>(
      'select * from product where wake_at <= $1 order by wake_at limit $2 for update skip locked',
      [now, limit],
    );
  }

  /** When the next product has to be looked at, whoever holds it; null when none ever has to. */
  async nextWakeAt(): Promise<Date | null> {
    const [row] = await this.database.query<{ at: Date | null }>('select min(wake_at) as at from product');
    return row?.at ?? null;
  }

  /** @param wakes by product; null for one that need not be looked at @param grace that they were reckoned by */
  async setWakes(tx: Tx, wakes: ReadonlyMap<string, Date | null>, grace: string): Promise<void> {
    if (wakes.size === 0) return;
    await tx.db.query(
      `update product p set wake_at = given.wake_at, wake_grace = $3
       from unnest($1::text[], $2::timestamptz[]) as given(product_id, wake_at) where p.product_id = given.product_id`,
      [[...wakes.keys()], [...wakes.values()], grace],
    );
  }

  async evidence(tx: Tx, inQuestion: readonly ProductWeek[]): Promise<Evidence[]> {
    return tx.db.query<Evidence[]>(
      `select q.product_id,
         exists (select from report r where r.product_id = q.product_id and r.week = q.week) as is_reported,
         s.week as said_week, s.owner_told_at, s.admins_told_at, h.received_at as heard_at, h.week as heard_week
       from unnest($1::text[], $2::text[]) as q(product_id, week)
       left join lateral
         (select * from silence where product_id = q.product_id order by week desc limit 1) s on true
       left join lateral
         (select received_at, week from report where product_id = q.product_id order by received_at desc limit 1) h on true`,
      [inQuestion.map((each) => each.productId), inQuestion.map((each) => each.week)],
    );
  }

  /** @returns those of whose week it had not been said before; the others must not be told again */
  async tellOwners(tx: Tx, silent: readonly ProductWeek[], now: Date): Promise<ReadonlySet<string>> {
    const rows = await tx.db.query<{ product_id: string }[]>(
      `insert into silence (product_id, week, owner_told_at)
       select given.*, $3 from unnest($1::text[], $2::text[]) as given on conflict do nothing returning product_id`,
      [silent.map((each) => each.productId), silent.map((each) => each.week), now],
    );
    return new Set(rows.map((row) => row.product_id));
  }

  /** @returns as {@link tellOwners} */
  async tellAdmins(tx: Tx, silent: readonly ProductWeek[], now: Date): Promise<ReadonlySet<string>> {
    const [rows] = await tx.db.query<[{ product_id: string }[], number]>(
      `update silence s set admins_told_at = $3 from unnest($1::text[], $2::text[]) as given(product_id, week)
       where s.product_id = given.product_id and s.week = given.week and s.admins_told_at is null returning s.product_id`,
      [silent.map((each) => each.productId), silent.map((each) => each.week), now],
    );
    return new Set(rows.map((row) => row.product_id));
  }

  /** Deadlines under another grace are reckoned anew. @returns whether there were any */
  async wakeWhatHasAnotherGrace(tx: Tx, grace: string, now: Date): Promise<boolean> {
    const [rows] = await tx.db.query<[unknown[], number]>(
      `update product set wake_at = $2
       where expected_from is not null and wake_grace is distinct from $1 returning 1`,
      [grace, now],
    );
    return rows.length > 0;
  }
}
