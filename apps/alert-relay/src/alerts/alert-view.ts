import { type AlertView } from '@recert/contracts';
import { type Alert } from './alert';

/**
 * An alert as the HTTP API shows it at this time.
 * @param mayAct whether the reader may do something about it, too
 */
export function alertViewOf(alert: Alert, now: Date, mayAct: boolean): AlertView {
  const { id, version, source, kind, severity, title, detail, link, count, status, heldBy } = alert;
  const endedAt = alert.resolvedAt ?? now;
  return {
    ...{ id, version, source, kind, severity, title, detail, link, count, status, heldBy },
    product: alert.productId,
    startedAt: alert.startedAt.toISOString(),
    lastAt: alert.lastAt.toISOString(),
    acknowledgedBy: alert.acknowledgedBy,
    acknowledgedAt: alert.acknowledgedAt?.toISOString() ?? null,
    snoozedUntil: alert.snoozedUntil?.toISOString() ?? null,
    resolvedAt: alert.resolvedAt?.toISOString() ?? null,
    resolvedBy: alert.resolvedBy,
    mayAct,
    durationSeconds: Math.max(Math.floor((endedAt.getTime() - alert.startedAt.getTime()) / 1000), 0),
  };
}
