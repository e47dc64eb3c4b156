import { z } from 'zod';
import { defineEvent, type DataOf } from '../event';
import { alertKind, alertSeverity, alertStatus, channel, instant, productId, version } from '../scalars';

/** An alert as it is now. What it says is a copy: whoever shows it needs nothing else. */
const alertState = {
  alertId: z.uuid(),
  /** Grows with every change of this alert. */
  version,
  /** Where it came from: sentry, alertmanager, grafana, uptime-kuma, generic. */
  source: z.string(),
  /** What its source calls it: one alert of it is open at a time. Null in events from before it was told. */
  key: z.string().nullable().default(null),
  productId: productId.nullable(),
  kind: alertKind,
  severity: alertSeverity,
  title: z.string(),
  /** A sentence or two more, such as why a check failed. */
  detail: z.string().nullable(),
  link: z.string().nullable(),
  /** How often its source has said so. */
  count: z.int().min(1),
  status: alertStatus,
  startedAt: instant,
  lastAt: instant,
  /** Handle, or a name of the source's own. */
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: instant.nullable(),
  /** With the status `snoozed`: until when; null is until it recovers. */
  snoozedUntil: instant.nullable(),
  /** The outage of the same product that explains it: nobody is told of it while that lasts. */
  heldBy: z.uuid().nullable(),
};

/** An outage, as it begins. */
const outage = {
  alertId: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10',
  version: 1,
  source: 'sentry',
  key: '4200',
  productId: 'lugha',
  kind: 'uptime',
  severity: 'critical',
  title: 'Downtime detected for https://lugha.example.org',
  detail: 'The check failed: status code 503.',
  link: 'https://acme.sentry.io/issues/4200/',
  count: 1,
  status: 'firing',
  startedAt: '2026-11-21T09:12:00.000Z',
  lastAt: '2026-11-21T09:12:00.000Z',
  acknowledgedBy: null,
  acknowledgedAt: null,
  snoozedUntil: null,
  heldBy: null,
} as const;

export const AlertRaised = defineEvent({
  subject: 'alert.raised',
  says: 'An alert is there, with its full present state, on its first sign and on every change; the highest version wins.',
  publishers: ['alert-relay'],
  consumers: ['notifier'],
  schema: z.object({
    ...alertState,
    /** How loudly: 0 as a change of its message, 1 as a message of its own, 2 again since nobody has acknowledged it, 3 again and to all admins. */
    level: z.int().min(0).max(3),
  }),
  example: { ...outage, level: 1 },
});
export type AlertRaised = DataOf<typeof AlertRaised>;

export const AlertResolved = defineEvent({
  subject: 'alert.resolved',
  says: 'An alert is over, with its duration.',
  publishers: ['alert-relay'],
  consumers: ['notifier'],
  schema: z.object({
    ...alertState,
    resolvedAt: instant,
    /** Who resolved it; null when its source says that it recovered. */
    resolvedBy: z.string().nullable(),
    durationMs: z.int().min(0),
  }),
  example: {
    ...outage,
    version: 4,
    status: 'resolved',
    acknowledgedBy: 'carol',
    acknowledgedAt: '2026-11-21T09:14:00.000Z',
    resolvedAt: '2026-11-21T09:42:00.000Z',
    resolvedBy: null,
    durationMs: 1_800_000,
  },
});
export type AlertResolved = DataOf<typeof AlertResolved>;

export const AlertAcknowledged = defineEvent({
  subject: 'alert.acknowledged',
  says: 'A person has pressed a button under an alert: what they want, and until when. What comes of it says alert.raised or alert.resolved.',
  publishers: ['notifier'],
  consumers: ['alert-relay'],
  schema: z.object({
    alertId: z.uuid(),
    action: z.enum(['acknowledge', 'snooze', 'resolve']),
    /** Of a snooze: its end; null is until it recovers. */
    until: instant.nullable(),
    by: z.string(),
    channel,
    at: instant,
  }),
  example: {
    alertId: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10',
    action: 'snooze',
    until: '2026-11-21T10:14:00.000Z',
    by: 'carol',
    channel: 'telegram',
    at: '2026-11-21T09:14:00.000Z',
  },
});
export type AlertAcknowledged = DataOf<typeof AlertAcknowledged>;
