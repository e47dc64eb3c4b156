import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type AlertQuery, type AlertStatus } from '@recert/contracts';
import { type Alert, wakeOf } from './alert';
import { type AlertRow, toAlert, toRow } from './alert-row';
import { type Outage } from './decision';

const COLUMNS = [
  ...['id', 'version', 'source', 'key', 'product_id', 'kind', 'severity', 'title', 'detail', 'link', 'count', 'status'],
  ...['started_at', 'last_at', 'sign_at', 'acknowledged_by', 'acknowledged_at', 'snoozed_until', 'held_by', 'level'],
  ...['said_at', 'resolved_at', 'resolved_by', 'wake_at'],
] as const satisfies readonly (keyof AlertRow)[];
const VALUES = COLUMNS.map((_, i) => `$${i + 1}`).join(', ');
const SAVE = `insert into alert (${COLUMNS.join(', ')}) values (${VALUES})
  on conflict (id) do update set ${COLUMNS.map((name) => `${name} = excluded.${name}`).join(', ')}`;

/** Where a page begins: behind this alert. */
export interface AlertPlace {
  readonly isCritical: boolean;
  readonly startedAt: Date;
  readonly id: string;
}

/** The table `alert`. */
@Injectable()
export class AlertRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /**
   * The newest alert of a source and key, held until the transaction ends, so that no other sign of it comes between:
   * not even where there is none yet.
   */
  async lockNewest(tx: Tx, source: string, key: string): Promise<Alert | null> {
    await tx.db.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`alert ${source} ${key}`]);
    const [row] = await tx.db.query<AlertRow[]>(
      `select * from alert where source = $1 and key = $2
       order by status = 'resolved', resolved_at desc, id desc limit 1 for update`,
      [source, key],
    );
    return row === undefined ? null : toAlert(row);
  }

  /** An alert, held until the transaction ends. */
  async lock(tx: Tx, id: string): Promise<Alert | null> {
    const [row] = await tx.db.query<AlertRow[]>('select * from alert where id = $1 for update', [id]);
    return row === undefined ? null : toAlert(row);
  }

  /** The oldest open outage of a product. It cannot end before the transaction does: nobody is left held by it. */
  async openOutage(tx: Tx, productId: string): Promise<Outage | null> {
    const [row] = await tx.db.query<{ id: string; started_at: Date }[]>(
      `select id, started_at from alert where product_id = $1 and kind = 'uptime' and status <> 'resolved'
       order by started_at, id limit 1 for share`,
      [productId],
    );
    return row === undefined ? null : { id: row.id, startedAt: row.started_at };
  }

  /** What is open and explained by an outage, held until the transaction ends. */
  async lockHeldBy(tx: Tx, outageId: string): Promise<Alert[]> {
    const rows = await tx.db.query<AlertRow[]>(
      `select * from alert where held_by = $1 and status <> 'resolved' order by started_at, id for update`,
      [outageId],
    );
    return rows.map(toAlert);
  }

  /** Up to `limit` alerts that have to be looked at by `now`, held until the transaction ends, without those held by others. */
  async claimDue(tx: Tx, now: Date, limit: number): Promise<Alert[]> {
    const rows = await tx.db.query<AlertRow[]>(
      'select * from alert where wake_at <= $1 order by wake_at limit $2 for update skip locked',
      [now, limit],
    );
    return rows.map(toAlert);
  }

  /** When the next alert has to be looked at, whoever holds it; null when none ever has to. */
  async nextWakeAt(): Promise<Date | null> {
    const [row] = await this.database.query<{ at: Date | null }>('select min(wake_at) as at from alert');
    return row?.at ?? null;
  }

  async save(tx: Tx, alert: Alert): Promise<void> {
    const row = toRow(alert, wakeOf(alert));
    await tx.db.query(
      SAVE,
      COLUMNS.map((name) => row[name]),
    );
  }

  async postpone(tx: Tx, id: string, wakeAt: Date): Promise<void> {
    await tx.db.query('update alert set wake_at = $2 where id = $1', [id, wakeAt]);
  }

  async find(id: string): Promise<Alert | null> {
    const [row] = await this.database.query<AlertRow>('select * from alert where id = $1', [id]);
    return row === undefined ? null : toAlert(row);
  }

  /**
   * Newest first, or the critical ones of them before the others.
   * @param after the last one of the page before, null for the first page
   */
  async list(query: AlertQuery, after: AlertPlace | null): Promise<Alert[]> {
    const { status = null, product = null, source = null, severity = null, limit } = query;
    const isRanked = query.first === 'critical';
    const rows = await this.database.query<AlertRow>(
      `select * from alert
       where ($1::text is null or status = $1 or ($1 = 'open' and status <> 'resolved'))
         and ($2::text is null or product_id = $2)
         and ($3::text is null or source = $3)
         and ($4::text is null or severity = $4)
         and ($5::timestamptz is null
           or (${isRanked ? `severity = 'critical', ` : ''}started_at, id) < (${isRanked ? '$8::boolean, ' : ''}$5, $6::uuid))
       order by ${isRanked ? `severity = 'critical' desc, ` : ''}started_at desc, id desc limit $7`,
      [
        ...[status, product, source, severity, after?.startedAt ?? null, after?.id ?? null, limit + 1],
        ...(isRanked ? [after?.isCritical ?? null] : []),
      ],
    );
    return rows.map(toAlert);
  }

  /** What is open of a source, by key. */
  async openOf(source: string): Promise<Map<string, AlertStatus>> {
    const rows = await this.database.query<{ key: string; status: AlertStatus }>(
      `select key, status from alert where source = $1 and status <> 'resolved' order by started_at, id`,
      [source],
    );
    return new Map(rows.map(({ key, status }) => [key, status]));
  }
}
