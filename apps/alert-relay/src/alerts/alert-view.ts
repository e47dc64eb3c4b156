import { type AlertView } from '@recert/contracts';
import { type Alert } from './alert';

/** An alert as the HTTP API shows it at this time. */
export function alertViewOf(alert: Alert, now: Date): AlertView {
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
    durationSeconds: Math.max(Math.floor((endedAt.getTime() - alert.startedAt.getTime()) / 1000), 0),
  };
}
