/** What `/alerts` says. */
import { oneLine, type Part, cut } from '../messages/rich-text';
import { type Alert } from './alert';
import { minuteIn, SIGNS } from './alert-texts';

/** Lines of the list beyond this are only counted. */
export const MAX_LINES = 30;
const LONGEST_TITLE = 48;
const LONGEST_PRODUCT = 24;

/** An alert of the list, and what its product is called. */
export type ListedAlert = Pick<Alert, 'severity' | 'status' | 'title' | 'count' | 'startedAt' | 'heldBy'> & {
  readonly productName: string | null;
};

/** @param total how many are open, of which at most `MAX_LINES` are given, in their order */
export function alertList(alerts: readonly ListedAlert[], total: number, zone: string): Part[] {
  if (total === 0) return [{ text: 'No alert is open.' }];
  const lines = alerts.slice(0, MAX_LINES).map((alert) => lineOf(alert, zone));
  if (total > lines.length) lines.push(`and ${total - lines.length} more`);
  return [{ text: [`${openAlerts(total)}:`, ...lines].join('\n') }];
}

/** How many are open, in a sentence. */
export function openAlertsText(count: number): string {
  return count === 0 ? 'No alert is open.' : `${openAlerts(count)}.`;
}

function openAlerts(count: number): string {
  return count === 1 ? '1 alert is open' : `${count} alerts are open`;
}

function lineOf({ severity, status, title, count, startedAt, heldBy, productName }: ListedAlert, zone: string): string {
  const product = productName === null ? '' : `${cut(oneLine(productName), LONGEST_PRODUCT)}: `;
  const state = heldBy !== null ? ', held back' : status === 'firing' ? '' : `, ${status}`;
  const times = count === 1 ? '' : `, ${count} times`;
  const name = cut(oneLine(title), LONGEST_TITLE) || '(no title)';
  return `${SIGNS[severity]} ${product}${name} (since ${minuteIn(zone, startedAt)}${times}${state})`;
}
