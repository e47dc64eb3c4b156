import { Injectable } from '@nestjs/common';
import { type AlertSeverity, type AlertStatus } from '@recert/contracts';
import { type EntityManager } from 'typeorm';
import { type Alert, type AlertEvent } from './alert';
import { type PressedAlert } from './alert-buttons';
import { type ListedAlert } from './alert-list';

interface Row {
  id: string;
  version: number;
  product_id: string | null;
  severity: AlertSeverity;
  title: string;
  detail: string | null;
  link: string | null;
  count: number;
  status: AlertStatus;
  started_at: Date;
  acknowledged_by: string | null;
  snoozed_until: Date | null;
  held_by: string | null;
  resolved_by: string | null;
  duration_ms: string | null;
}

/** What the message of an alert needs of others. */
export interface Surroundings {
  readonly productName: string | null;
  readonly acknowledgedBy: string | null;
  readonly resolvedBy: string | null;
  readonly held: number;
}

/** A button that was pressed, and the alert it is of. */
export interface Pressed extends PressedAlert {
  readonly alertId: string;
}

/** The table `alert`: all alerts that the relay told of, as they were told last. */
@Injectable()
export class AlertRepository {
  /** Locks those that are known, always in the same order. */
  async lock(db: EntityManager, ids: readonly string[]): Promise<Map<string, Alert>> {
    const rows = await db.query<Row[]>('select * from alert where id = any($1) order by id for update', [ids]);
    return new Map(rows.map((row) => [row.id, toAlert(row)]));
  }

  /**
   * Takes the relay's word unless a newer one is known.
   * @returns the alert as it is known now, and whether that was news
   */
  async learn(db: EntityManager, event: AlertEvent): Promise<{ alert: Alert; isNews: boolean }> {
    const over = 'resolvedAt' in event ? event : null;
    const [learned] = await db.query<Row[]>(LEARN, [
      ...[event.alertId, event.version, event.source, event.productId, event.kind, event.severity, event.title],
      ...[event.detail, event.link, event.count, event.status, event.startedAt, event.lastAt, event.acknowledgedBy],
      ...[event.acknowledgedAt, event.snoozedUntil, event.heldBy],
      ...[over?.resolvedAt ?? null, over?.resolvedBy ?? null, over?.durationMs ?? null],
    ]);
    if (learned !== undefined) return { alert: toAlert(learned), isNews: true };
    const known = (await this.lock(db, [event.alertId])).get(event.alertId);
    if (known === undefined) throw new Error(`the alert ${event.alertId} was neither learned nor known`);
    return { alert: known, isNews: false };
  }

  async surroundings(db: EntityManager, { id, productId, acknowledgedBy, resolvedBy }: Alert): Promise<Surroundings> {
    const [row] = await db.query<
      { product: string | null; acknowledger: string | null; resolver: string | null; held: number }[]
    >(
      `select (select name from product where id = $2) as product,
         (select name from person where handle = $3) as acknowledger,
         (select name from person where handle = $4) as resolver,
         (select count(*)::int from alert where held_by = $1 and status <> 'resolved') as held`,
      [id, productId, acknowledgedBy, resolvedBy],
    );
    return {
      productName: row?.product ?? productId,
      acknowledgedBy: row?.acknowledger ?? acknowledgedBy,
      resolvedBy: row?.resolver ?? resolvedBy,
      held: row?.held ?? 0,
    };
  }

  /** Those that are open and shown nowhere, the critical ones first. */
  async untold(db: EntityManager): Promise<string[]> {
    const rows = await db.query<{ id: string }[]>(
      `select id from alert a where status = 'firing' and held_by is null
         and not exists (select from alert_message m where m.alert_id = a.id)
       order by severity <> 'critical', started_at, id`,
    );
    return rows.map(({ id }) => id);
  }

  async countOpen(db: EntityManager): Promise<number> {
    const [row] = await db.query<{ n: number }[]>(`select count(*)::int as n from alert where status <> 'resolved'`);
    return row?.n ?? 0;
  }

  /** Those that are open, the newest critical ones first. */
  async listOpen(db: EntityManager, limit: number): Promise<ListedAlert[]> {
    const rows = await db.query<(Row & { product: string | null })[]>(
      `select a.*, coalesce(p.name, a.product_id) as product from alert a left join product p on p.id = a.product_id
       where a.status <> 'resolved'
       order by array_position(array['critical', 'warning', 'info'], a.severity), a.started_at desc, a.id limit $1`,
      [limit],
    );
    return rows.map((row) => ({ ...toAlert(row), productName: row.product }));
  }

  /** The alert under whose message a button was pressed, locked, and who pressed it; null when there is no such button. */
  async pressed(db: EntityManager, nonce: string, userId: number): Promise<Pressed | null> {
    const [row] = await db.query<PressedRow[]>(PRESSED, [nonce, userId]);
    return row === undefined ? null : toPressed(row);
  }

  /** Keeps a press until the alert shows what came of it. */
  async noteWish(db: EntityManager, id: string, wish: { action: string; by: string; at: Date }): Promise<void> {
    await db.query('update alert set wish = $2, wish_by = $3, wish_at = $4 where id = $1', [
      ...[id, wish.action, wish.by, wish.at],
    ]);
  }

  /** What has been over for a year. */
  async clean(db: EntityManager): Promise<void> {
    await db.query(`delete from alert where status = 'resolved' and resolved_at < now() - interval '400 days'`);
  }
}

const LEARN = `
  insert into alert (id, version, source, product_id, kind, severity, title, detail, link, count, status, started_at,
    last_at, acknowledged_by, acknowledged_at, snoozed_until, held_by, resolved_at, resolved_by, duration_ms)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
  on conflict (id) do update set version = $2, source = $3, product_id = $4, kind = $5, severity = $6, title = $7,
    detail = $8, link = $9, count = $10, status = $11, started_at = $12, last_at = $13, acknowledged_by = $14,
    acknowledged_at = $15, snoozed_until = $16, held_by = $17, resolved_at = $18, resolved_by = $19, duration_ms = $20,
    wish = case when (alert.status, alert.acknowledged_at, alert.snoozed_until)
      is distinct from (excluded.status, excluded.acknowledged_at, excluded.snoozed_until) then null else alert.wish end
  where alert.version < $2
  returning *`;

const PRESSED = `
  select a.id, a.status, a.acknowledged_by, a.wish, a.wish_by, a.wish_at, w.handle, w.active, w.roles,
    (select name from person where handle = a.acknowledged_by) as acknowledger,
    (select name from person where handle = a.wish_by) as wisher,
    w.handle = p.owner or w.handle = any (p.admins) as is_of_product
  from alert_message m join alert a on a.id = m.alert_id left join product p on p.id = a.product_id
    left join person w on w.user_id = $2
  where m.nonce = $1 for update of a`;

interface PressedRow {
  id: string;
  status: AlertStatus;
  acknowledged_by: string | null;
  acknowledger: string | null;
  wish: string | null;
  wish_by: string | null;
  wish_at: Date | null;
  wisher: string | null;
  handle: string | null;
  active: boolean | null;
  roles: string[] | null;
  is_of_product: boolean | null;
}

function toPressed(row: PressedRow): Pressed {
  const { wish, wish_by: by, wish_at: at } = row;
  return {
    alertId: row.id,
    status: row.status,
    acknowledgedBy: row.acknowledger ?? row.acknowledged_by,
    wish: wish === null || by === null || at === null ? null : { action: wish, by: row.wisher ?? by, at },
    presser:
      row.handle === null
        ? null
        : {
            handle: row.handle,
            isActive: row.active === true,
            isAdmin: row.roles?.includes('admin') === true,
            isOfProduct: row.is_of_product === true,
          },
  };
}

function toAlert(row: Row): Alert {
  return {
    id: row.id,
    version: row.version,
    productId: row.product_id,
    severity: row.severity,
    title: row.title,
    detail: row.detail,
    link: row.link,
    count: row.count,
    status: row.status,
    startedAt: row.started_at,
    acknowledgedBy: row.acknowledged_by,
    snoozedUntil: row.snoozed_until,
    heldBy: row.held_by,
    resolvedBy: row.resolved_by,
    durationMs: row.duration_ms === null ? null : Number(row.duration_ms),
  };
}
