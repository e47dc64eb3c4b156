import { type AlertRaised, type AlertResolved, type AlertSeverity, type AlertStatus } from '@recert/contracts';
import { Priority } from '../messages/delivery';

/** An alert as the notifier knows it; instants are dates. */
export interface Alert {
  readonly id: string;
  readonly version: number;
  readonly productId: string | null;
  readonly severity: AlertSeverity;
  readonly title: string;
  readonly detail: string | null;
  readonly link: string | null;
  readonly count: number;
  readonly status: AlertStatus;
  readonly startedAt: Date;
  /** Handle, or a name of its source's own. */
  readonly acknowledgedBy: string | null;
  /** Of a snoozed one: until when; null is until it recovers. */
  readonly snoozedUntil: Date | null;
  /** The outage that explains it: nobody is told of it while that lasts. */
  readonly heldBy: string | null;
  readonly resolvedBy: string | null;
  readonly durationMs: number | null;
}

/** What the relay says of an alert, either way. */
export type AlertEvent = AlertRaised | AlertResolved;

/** How urgent its first message is in a chat. */
export function priorityOf({ severity }: Pick<Alert, 'severity'>): Priority {
  return Priority[severity];
}

/** How urgent an edit is that shows what became of it: less than news, but for the one who has just tapped. */
export function priorityOfChange(alert: Alert): Priority {
  if (alert.status !== 'resolved' || alert.resolvedBy !== null) return Priority.outcome;
  return alert.severity === 'critical' ? Priority.warning : Priority.info;
}

/** Whether a message says more than a number that has grown. */
export function isChanged(before: Alert | null, now: Alert): boolean {
  return (
    before === null ||
    before.status !== now.status ||
    before.severity !== now.severity ||
    before.acknowledgedBy !== now.acknowledgedBy ||
    before.snoozedUntil?.getTime() !== now.snoozedUntil?.getTime()
  );
}
