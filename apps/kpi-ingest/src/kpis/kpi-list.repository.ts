import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { type KpiQuery, type KpiView } from '@recert/contracts';

/** Enough to see that and how a figure was corrected; a figure of the running week may be so very often. */
const MOST_CORRECTIONS = 100;

/** Where a page begins: behind this line. */
export type Place = readonly [week: string, name: string, product: string];

interface KpiRow {
  product_id: string;
  week: string;
  name: string;
  value: number;
  unit: string | null;
  target: number | null;
  better: 'up' | 'down';
  received_at: Date;
  former_values: number[];
  former_received_at: Date[];
}

/** The figures of all products, as they are read. */
@Injectable()
export class KpiListRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /** By week, name and product. @param after the last line of the page before, null for the first page */
  async list(query: Omit<KpiQuery, 'limit' | 'cursor'>, limit: number, after: Place | null): Promise<KpiView[]> {
    const parameters: unknown[] = [limit, MOST_CORRECTIONS];
    const given = (value: unknown): string => `$${parameters.push(value)}`;
    const conditions = ['true'];
    if (query.product !== undefined) conditions.push(`product_id = ${given(query.product)}`);
    if (query.name !== undefined) conditions.push(`name = ${given(query.name)}`);
    if (query.from !== undefined) conditions.push(`week >= ${given(query.from)}`);
    if (query.to !== undefined) conditions.push(`week <= ${given(query.to)}`);
    if (after !== null) conditions.push(`(week, name, product_id) > (${after.map(given).join(', ')})`);
    const rows = await this.database.query<KpiRow>(
      `select page.*, former.* from (
         select * from figure where ${conditions.join(' and ')} order by week, name, product_id limit $1
       ) page
       cross join lateral (
         select coalesce(array_agg(value order by id), '{}') as former_values,
           coalesce(array_agg(received_at order by id), '{}') as former_received_at
         from (
           select * from former_value f
           where f.product_id = page.product_id and f.week = page.week and f.name = page.name
           order by id desc limit $2
         ) newest
       ) former
       order by page.week, page.name, page.product_id`,
      parameters,
    );
    return rows.map(toView);
  }
}

function toView(row: KpiRow): KpiView {
  const { product_id: product, week, name, value, unit, target, better } = row;
  return {
    ...{ product, week, name, value, unit, target, better },
    receivedAt: row.received_at.toISOString(),
    corrections: row.former_values.map((former, i) => ({
      value: former,
      receivedAt: row.former_received_at[i]!.toISOString(),
    })),
  };
}
