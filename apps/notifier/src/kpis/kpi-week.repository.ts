import { Injectable } from '@nestjs/common';
import { type KpiMissed, type KpiReceived } from '@recert/contracts';
import { type EntityManager } from 'typeorm';
import { type AdminChat } from '../chats/admin-chat';
import { type KpiWeek, type KpiWeekKey, type ShownKpis } from './kpi-week';
import { type ProductStanding } from './standings-text';

interface Row {
  version: number;
  said_at: Date | null;
  has_chart: boolean;
  has_more: boolean;
  chats: AdminChat[];
  missed: KpiMissed | null;
  missed_chats: AdminChat[];
}

/** The table `kpi_week`, both ways. */
@Injectable()
export class KpiWeekRepository {
  /** Locks the week, also one that nothing was known of: reports and their absence are told one after the other. */
  async lock(db: EntityManager, { productId, week }: KpiWeekKey): Promise<KpiWeek> {
    await db.query('insert into kpi_week (product_id, week) values ($1, $2) on conflict do nothing', [productId, week]);
    const [row] = await db.query<Row[]>('select * from kpi_week where product_id = $1 and week = $2 for update', [
      productId,
      week,
    ]);
    if (row === undefined) throw new Error(`week ${week} of ${productId} vanished while it was locked`);
    return toWeek(row);
  }

  /** @param shown how it is shown now; null when nobody could be told */
  async saveReport(db: EntityManager, report: KpiReceived, shown: ShownKpis | null): Promise<void> {
    await db.query(
      `update kpi_week set version = $3, report = $4, said_at = $5, has_chart = $6, has_more = $7, chats = $8
       where product_id = $1 and week = $2`,
      [
        ...[report.productId, report.week, report.version, JSON.stringify(report)],
        ...[
          shown?.saidAt ?? null,
          shown?.hasChart ?? false,
          shown?.hasMore ?? false,
          JSON.stringify(shown?.chats ?? []),
        ],
      ],
    );
  }

  /** The newest report of each active product, as far as nobody was told of it; held until the transaction ends. */
  async lockUntold(db: EntityManager): Promise<KpiReceived[]> {
    const rows = await db.query<{ report: KpiReceived }[]>(
      `select report from kpi_week w
       where said_at is null and (product_id, week) in (
           select distinct on (product_id) product_id, week from kpi_week where version > 0
           order by product_id, week desc)
         and not exists (select 1 from product p where p.id = w.product_id and not p.active)
       order by product_id for update`,
    );
    return rows.map(({ report }) => report);
  }

  async saveMissed(db: EntityManager, missed: KpiMissed, chats: readonly AdminChat[]): Promise<void> {
    await db.query('update kpi_week set missed = $3, missed_chats = $4 where product_id = $1 and week = $2', [
      ...[missed.productId, missed.week, JSON.stringify(missed), JSON.stringify(chats)],
    ]);
  }

  /** Of each product that reports, without those that are no longer active. */
  async standings(db: EntityManager): Promise<ProductStanding[]> {
    return db.query<ProductStanding[]>(
      `with latest as (
         select distinct on (product_id) product_id, week, report from kpi_week where version > 0
         order by product_id, week desc),
       silent as (
         select distinct on (product_id) product_id, week, missed from kpi_week
         where version = 0 and missed is not null order by product_id, week desc)
       select l.report, case when l.week is null or s.week > l.week then s.missed end as missed
       from latest l full join silent s on s.product_id = l.product_id
       left join product p on p.id = coalesce(l.product_id, s.product_id)
       where p.active is not false order by coalesce(l.product_id, s.product_id)`,
    );
  }
}

function toWeek(row: Row): KpiWeek {
  const { said_at: saidAt, has_chart: hasChart, has_more: hasMore, chats } = row;
  return {
    version: row.version,
    shown: saidAt === null ? null : { saidAt, hasChart, hasMore, chats },
    missed: row.missed === null ? null : { event: row.missed, chats: row.missed_chats },
  };
}
