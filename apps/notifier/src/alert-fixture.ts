/** The alert relay, as far as tests of the notifier notice it. */
import { randomUUID } from 'node:crypto';
import { AlertRaised, AlertResolved } from '@recert/contracts';
import { type NotifierUnderTest } from './notifier-fixture';

/** A new alert, raised for the first time. */
export function newAlert(of: Partial<AlertRaised> = {}): AlertRaised {
  return {
    alertId: randomUUID(),
    version: 1,
    source: 'generic',
    key: 'queue',
    productId: 'lugha',
    kind: 'error',
    severity: 'warning',
    title: 'The queue is long',
    detail: null,
    link: null,
    count: 1,
    status: 'firing',
    startedAt: '2026-11-21T09:12:00.000Z',
    lastAt: '2026-11-21T09:12:00.000Z',
    acknowledgedBy: null,
    acknowledgedAt: null,
    snoozedUntil: null,
    heldBy: null,
    level: 1,
    ...of,
  };
}

/** The relay raises it, as its next version. */
export async function raise(
  notifier: NotifierUnderTest,
  before: AlertRaised,
  of: Partial<AlertRaised> = {},
): Promise<AlertRaised> {
  const alert = { ...before, version: before.version + 1, level: 0, ...of };
  await notifier.publish(AlertRaised, alert);
  return alert;
}

/** The relay says that it is over, after half an hour. */
export async function resolve(
  notifier: NotifierUnderTest,
  { level: _, ...before }: AlertRaised,
  of: Partial<AlertResolved> = {},
): Promise<AlertResolved> {
  const resolved = {
    ...before,
    version: before.version + 1,
    status: 'resolved' as const,
    resolvedAt: '2026-11-21T09:42:00.000Z',
    resolvedBy: null,
    durationMs: 1_800_000,
    ...of,
  };
  await notifier.publish(AlertResolved, resolved);
  return resolved;
}
