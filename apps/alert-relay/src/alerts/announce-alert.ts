import { type Tx } from '@recert/bus';
import { AlertRaised, AlertResolved } from '@recert/contracts';
import { type Alert } from './alert';
import { type Decision } from './decision';

/** Publishes what came of a decision. */
export function announceAlert(tx: Tx, decision: Exclude<Decision, { type: 'nothing' }>): void {
  const { alert } = decision;
  if (decision.type === 'raised') {
    tx.publish(AlertRaised, { ...stateOf(alert), level: decision.level });
    return;
  }
  const resolvedAt = alert.resolvedAt ?? alert.signAt;
  tx.publish(AlertResolved, {
    ...stateOf(alert),
    resolvedAt: resolvedAt.toISOString(),
    resolvedBy: alert.resolvedBy,
    durationMs: Math.max(resolvedAt.getTime() - alert.startedAt.getTime(), 0),
  });
}

function stateOf(alert: Alert): Omit<AlertRaised, 'level'> {
  const { id, version, source, key, productId, kind, severity, title, detail, link, count, status, heldBy } = alert;
  return {
    ...{ alertId: id, version, source, key, productId, kind, severity, title, detail, link, count, status, heldBy },
    startedAt: alert.startedAt.toISOString(),
    lastAt: alert.lastAt.toISOString(),
    acknowledgedBy: alert.acknowledgedBy,
    acknowledgedAt: alert.acknowledgedAt?.toISOString() ?? null,
    snoozedUntil: alert.snoozedUntil?.toISOString() ?? null,
  };
}
