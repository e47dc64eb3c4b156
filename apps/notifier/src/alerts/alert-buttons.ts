/** What the buttons under an alert carry, and who may press them. */
import { randomBytes } from 'node:crypto';
import { type AlertAcknowledged, type AlertStatus } from '@recert/contracts';

const HOUR_MS = 3_600_000;
/** A press that the alert does not show after this was forgotten on its way, and may be repeated. */
const FORGOTTEN_AFTER_MS = 60_000;

export const ALERT_ACTIONS = ['acknowledge', 'snooze-1h', 'snooze-4h', 'snooze', 'resolve'] as const;
export type AlertAction = (typeof ALERT_ACTIONS)[number];

/** `nonce:action` as it comes back from a chat, at most 34 of the 64 bytes allowed; only the row of the nonce counts. */
export const ALERT_BUTTON = /^([A-Za-z0-9_-]{22}):(acknowledge|snooze-1h|snooze-4h|snooze|resolve)$/;

/** A secret of 128 bits. */
export function newNonce(): string {
  return randomBytes(16).toString('base64url');
}

/** What an action asks of the relay. @returns the action of the event, and until when; null is until it recovers */
export function wishOf(action: AlertAction, now: Date): Pick<AlertAcknowledged, 'action' | 'until'> {
  const inHours = (hours: number): string => new Date(now.getTime() + hours * HOUR_MS).toISOString();
  switch (action) {
    case 'acknowledge':
    case 'resolve':
      return { action, until: null };
    case 'snooze-1h':
      return { action: 'snooze', until: inHours(1) };
    case 'snooze-4h':
      return { action: 'snooze', until: inHours(4) };
    case 'snooze':
      return { action: 'snooze', until: null };
  }
}

/** An alert under whose message a button was pressed, and who pressed it. */
export interface PressedAlert {
  readonly status: AlertStatus;
  /** Who acknowledged it. */
  readonly acknowledgedBy: string | null;
  /** The last press, which may not show yet. */
  readonly wish: { readonly action: string; readonly by: string; readonly at: Date } | null;
  /** Null when the account is nobody's. */
  readonly presser: Presser | null;
}

export interface Presser {
  readonly handle: string;
  readonly isActive: boolean;
  readonly isAdmin: boolean;
  /** Owner of the product, or one of its own admins. */
  readonly isOfProduct: boolean;
}

export const UNKNOWN_BUTTON = 'This button opens nothing any more. /alerts lists what is open.';

/** @returns null when the press counts, else the sentence that says why it does not */
export function refusalOf(pressed: PressedAlert, action: AlertAction, now: Date): string | null {
  const { presser, status, wish } = pressed;
  if (presser === null) return 'Only people who are linked in Recert can do this. Ask an admin for an invitation link.';
  if (!presser.isActive) return 'You are switched off in Recert, so this cannot be taken. Ask an admin.';
  if (!presser.isAdmin && !presser.isOfProduct) return "Only admins and the product's own people can do this.";
  if (status === 'resolved') return 'This alert is over already.';
  if (status === 'acknowledged' && action === 'acknowledge') {
    return `${pressed.acknowledgedBy ?? 'Somebody'} has acknowledged it already.`;
  }
  const isUnderWay = wish?.action === action && now.getTime() - wish.at.getTime() < FORGOTTEN_AFTER_MS;
  return isUnderWay ? `${wish.by} has pressed this already.` : null;
}
