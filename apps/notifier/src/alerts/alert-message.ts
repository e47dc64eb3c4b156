/** An alert as a message. */
import { type Button, compose, type Message, oneLine, type Part } from '../messages/rich-text';
import { isPublicAddress } from '../questions/record-link';
import { type Alert } from './alert';
import { type AlertAction } from './alert-buttons';
import { durationText, minuteIn, OVER_SIGN, SIGNS, WORDS } from './alert-texts';

/** What the message of an alert is made of, besides the alert. */
export interface AlertContext {
  /** What its product is called; null when it is about none. */
  readonly productName: string | null;
  /** What those are called who acknowledged or resolved it; null for nobody. */
  readonly acknowledgedBy: string | null;
  readonly resolvedBy: string | null;
  /** How many alerts of the same product it explains, of which nobody is told. */
  readonly held: number;
  /** IANA zone of the organisation. */
  readonly zone: string;
  /** What its buttons carry; null for a message without buttons. */
  readonly nonce: string | null;
}

/** The alert as it is now. */
export function alertMessage(alert: Alert, context: AlertContext): Message {
  const parts: Part[] = [
    ...heading(alert, context),
    ...detailOf(alert),
    { text: `\n\n${countLine(alert, context)}${heldSentence(context.held)}` },
    { text: `\n${statusLine(alert, context)}` },
  ];
  return { ...compose(parts), buttons: alert.status === 'resolved' ? [] : buttonRows(alert, context.nonce) };
}

/** What an older message of the alert says once there is a newer one. */
export function olderAlertMessage(alert: Alert, context: AlertContext): Message {
  return { ...compose([...heading(alert, context), { text: '\n\nRaised again below.' }]), buttons: [] };
}

function heading({ severity, status, title }: Alert, { productName }: AlertContext): Part[] {
  const sign = status === 'resolved' ? OVER_SIGN : SIGNS[severity];
  const product = productName === null ? '' : oneLine(productName);
  return [
    { text: `${sign} ${WORDS[severity]}` },
    ...(product === '' ? [] : [{ text: ' · ' }, { text: product, cuttable: true }]),
    { text: '\n' },
    { text: oneLine(title) || '(no title)', style: 'bold', cuttable: true },
  ];
}

function detailOf({ detail }: Alert): Part[] {
  const text = detail === null ? '' : oneLine(detail);
  return text === '' ? [] : [{ text: '\n' }, { text, cuttable: true }];
}

function countLine({ count, startedAt }: Alert, { zone }: AlertContext): string {
  const since = `since ${minuteIn(zone, startedAt)}`;
  return count === 1 ? `Once, ${since}.` : `${count} times ${since}.`;
}

function heldSentence(held: number): string {
  if (held === 0) return '';
  const errors = held === 1 ? '1 error of the same product is' : `${held} errors of the same product are`;
  return `\nAnd ${errors} held back.`;
}

function statusLine(alert: Alert, { acknowledgedBy, resolvedBy, zone }: AlertContext): string {
  switch (alert.status) {
    case 'firing':
      return 'Nobody has taken it yet.';
    case 'acknowledged':
      return `Acknowledged by ${acknowledgedBy ?? 'somebody'}.`;
    case 'snoozed': {
      const until = alert.snoozedUntil === null ? 'it recovers' : minuteIn(zone, alert.snoozedUntil);
      return `Snoozed until ${until}${acknowledgedBy === null ? '' : `, by ${acknowledgedBy}`}.`;
    }
    case 'resolved': {
      const after = alert.durationMs === null ? 'Over' : `Over after ${durationText(alert.durationMs)}`;
      return `${after}${resolvedBy === null ? '' : `, resolved by ${resolvedBy}`}.`;
    }
  }
}

function buttonRows({ status, link }: Alert, nonce: string | null): Button[][] {
  if (nonce === null) return [];
  const button = (text: string, action: AlertAction): Button => ({ text, data: `${nonce}:${action}` });
  return [
    ...(status === 'acknowledged' ? [] : [[button('Acknowledge', 'acknowledge')]]),
    [button('Snooze 1 h', 'snooze-1h'), button('Snooze 4 h', 'snooze-4h')],
    [button('Snooze until it recovers', 'snooze')],
    [button('Resolve', 'resolve')],
    // Nothing but an address of the internet: one that Telegram does not take would cost the message all its links.
    ...(link !== null && isPublicAddress(link) ? [[{ text: 'Open', url: link }]] : []),
  ];
}
