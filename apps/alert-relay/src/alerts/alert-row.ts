import { type AlertKind, type AlertSeverity, type AlertStatus } from '@recert/contracts';
import { type Alert, type Level } from './alert';

/** A row of the table `alert`. */
export interface AlertRow {
  readonly id: string;
  readonly version: number;
  readonly source: string;
  readonly key: string;
  readonly product_id: string | null;
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  readonly title: string;
  readonly detail: string | null;
  readonly link: string | null;
  readonly count: number;
  readonly status: AlertStatus;
  readonly started_at: Date;
  readonly last_at: Date;
  readonly sign_at: Date;
  readonly acknowledged_by: string | null;
  readonly acknowledged_at: Date | null;
  readonly snoozed_until: Date | null;
  readonly held_by: string | null;
  readonly level: Level;
  readonly said_at: Date | null;
  readonly resolved_at: Date | null;
  readonly resolved_by: string | null;
  readonly wake_at: Date | null;
}

export function toAlert(row: AlertRow): Alert {
  const { id, version, source, key, kind, severity, title, detail, link, count, status, level } = row;
  return {
    ...{ id, version, source, key, kind, severity, title, detail, link, count, status, level },
    productId: row.product_id,
    startedAt: row.started_at,
    lastAt: row.last_at,
    signAt: row.sign_at,
    acknowledgedBy: row.acknowledged_by,
    acknowledgedAt: row.acknowledged_at,
    snoozedUntil: row.snoozed_until,
    heldBy: row.held_by,
    saidAt: row.said_at,
    resolvedAt: row.resolved_at,
    resolvedBy: row.resolved_by,
  };
}

export function toRow(alert: Alert, wakeAt: Date | null): AlertRow {
  const { id, version, source, key, kind, severity, title, detail, link, count, status, level } = alert;
  return {
    ...{ id, version, source, key, kind, severity, title, detail, link, count, status, level },
    product_id: alert.productId,
    started_at: alert.startedAt,
    last_at: alert.lastAt,
    sign_at: alert.signAt,
    acknowledged_by: alert.acknowledgedBy,
    acknowledged_at: alert.acknowledgedAt,
    snoozed_until: alert.snoozedUntil,
    held_by: alert.heldBy,
    said_at: alert.saidAt,
    resolved_at: alert.resolvedAt,
    resolved_by: alert.resolvedBy,
    wake_at: wakeAt,
  };
}
