import { recalling, type Recalling, type ServiceDatabase, type Tx } from '@recert/bus';
import { AlertRaised, AlertResolved } from '@recert/contracts';
import { type Alert, type Level } from './alert';
import { AlertRepository } from './alert.repository';

type Said = Omit<AlertRaised, 'level'>;
type Rest = Pick<Alert, 'level' | 'saidAt' | 'resolvedAt' | 'resolvedBy'>;

/** What was raised and resolved between the backup and its restore. The log of signs has lost what led there. */
export function recallAlerts(database: ServiceDatabase): Recalling[] {
  const alerts = new AlertRepository(database);
  return [
    recalling(AlertRaised, ({ level, ...said }, { tx, attributes }) =>
      recall(alerts, tx, said, (before) => ({ ...loudness(before, level as Level, attributes.time), ...open })),
    ),
    recalling(AlertResolved, ({ resolvedAt, resolvedBy, ...said }, { tx }) =>
      recall(alerts, tx, said, (before) => ({
        ...{ level: before?.level ?? 0, saidAt: before?.saidAt ?? null },
        ...{ resolvedAt: new Date(resolvedAt), resolvedBy },
      })),
    ),
  ];
}

const open = { resolvedAt: null, resolvedBy: null };

function loudness(before: Alert | null, level: Level, at: string): Pick<Alert, 'level' | 'saidAt'> {
  if (level > 0) return { level, saidAt: new Date(at) };
  return { level: before?.level ?? 0, saidAt: before?.saidAt ?? null };
}

async function recall(
  alerts: AlertRepository,
  tx: Tx,
  said: Said,
  restOf: (before: Alert | null) => Rest,
): Promise<void> {
  const before = await alerts.lock(tx, said.alertId);
  if (before !== null && before.version >= said.version) return;
  const { alertId: id, version, source, productId, kind, severity, title, detail, link, count, status, heldBy } = said;
  const lastAt = new Date(said.lastAt);
  await alerts.save(tx, {
    ...{ id, version, source, productId, kind, severity, title, detail, link, count, status, heldBy, lastAt },
    // Of one from before its key was told nobody knows what its source calls it: people end it.
    key: before?.key ?? said.key ?? `recalled ${id}`,
    startedAt: new Date(said.startedAt),
    signAt: before !== null && before.signAt > lastAt ? before.signAt : lastAt,
    acknowledgedBy: said.acknowledgedBy,
    acknowledgedAt: dateOf(said.acknowledgedAt),
    snoozedUntil: dateOf(said.snoozedUntil),
    ...restOf(before),
  });
}

function dateOf(instant: string | null): Date | null {
  return instant === null ? null : new Date(instant);
}
