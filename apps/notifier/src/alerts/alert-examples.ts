/** An alert for specs, and what surrounds it. */
import { type Alert } from './alert';
import { type AlertContext } from './alert-message';

export const alert: Alert = {
  id: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10',
  version: 1,
  productId: 'lugha',
  severity: 'critical',
  title: 'Lugha is down',
  detail: 'Status 503.',
  link: 'https://acme.sentry.io/issues/4200/',
  count: 1,
  status: 'firing',
  startedAt: new Date('2026-11-21T09:12:00.000Z'),
  acknowledgedBy: null,
  snoozedUntil: null,
  heldBy: null,
  resolvedBy: null,
  durationMs: null,
};

export const context: AlertContext = {
  productName: 'Lugha',
  acknowledgedBy: null,
  resolvedBy: null,
  held: 0,
  zone: 'Europe/Berlin',
  nonce: 'A'.repeat(22),
};
