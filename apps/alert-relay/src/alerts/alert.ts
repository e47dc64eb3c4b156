import { type AlertKind, type AlertSeverity, type AlertStatus } from '@recert/contracts';

/** How loudly it is said: see `AlertRaised`. */
export type Level = 0 | 1 | 2 | 3;

/** One thing that is wrong, from its first sign to its end. */
export interface Alert {
  readonly id: string;
  /** Grows with every change. */
  readonly version: number;
  readonly source: string;
  readonly key: string;
  readonly productId: string | null;
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  readonly title: string;
  readonly detail: string | null;
  readonly link: string | null;
  readonly count: number;
  readonly status: AlertStatus;
  readonly startedAt: Date;
  /** When a firing sign was last received. */
  readonly lastAt: Date;
  /** The newest moment that was spoken of: a sign about an earlier one comes too late to change the state. */
  readonly signAt: Date;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: Date | null;
  readonly snoozedUntil: Date | null;
  readonly heldBy: string | null;
  /** The loudest that was said since it was last quiet, and when. */
  readonly level: Level;
  readonly saidAt: Date | null;
  readonly resolvedAt: Date | null;
  readonly resolvedBy: string | null;
}

/** How long a critical alert waits for somebody, before each of the levels 2 and 3. */
export const UNHEARD_MS = 15 * 60_000;

/** When it has to be looked at again; null if never as things stand. */
export function wakeOf(alert: Alert): Date | null {
  const { status, severity, heldBy, level, saidAt, snoozedUntil } = alert;
  if (status === 'snoozed') return snoozedUntil;
  const isUnheard = status === 'firing' && severity === 'critical' && heldBy === null;
  if (!isUnheard || saidAt === null || level === 0 || level === 3) return null;
  return new Date(saidAt.getTime() + UNHEARD_MS);
}
