/** What the digest of a storm says. */
import { type AlertSeverity } from '@recert/contracts';
import { compose, type Message, oneLine } from '../messages/rich-text';
import { shortName } from '../questions/sentences';

/** Products beyond this are only counted. */
const MAX_PRODUCTS = 8;
const SEVERITIES = ['critical', 'warning', 'info'] as const;

/** How many alerts of a product and severity have no message of their own. */
export interface Gathered {
  /** Null for those that are about no product. */
  readonly productName: string | null;
  readonly severity: AlertSeverity;
  /** All of them, and those that are over. */
  readonly count: number;
  readonly over: number;
}

/** One message for all that have none of their own. */
export function digestMessage(gathered: readonly Gathered[]): Message {
  const total = sum(gathered, ({ count }) => count);
  const over = sum(gathered, (one) => one.over);
  const alerts = total === 1 ? '1 more alert' : `${total} more alerts`;
  const severities = SEVERITIES.flatMap((severity) => {
    const count = sum(gathered, (one) => (one.severity === severity ? one.count : 0));
    return count === 0 ? [] : [wordFor(severity, count)];
  });
  const lines = [
    `${alerts} in the last minutes: ${productsOf(gathered)}.`,
    ...(severities.length === 0 ? [] : [`${severities.join(', ')}.`]),
    ...(over === 0
      ? []
      : [over === total ? 'All of them are over.' : `${over} of them ${over === 1 ? 'is' : 'are'} over.`]),
    '/alerts lists all.',
  ];
  return { ...compose([{ text: `🌩 ${lines.join(' ')}` }]), buttons: [] };
}

function productsOf(gathered: readonly Gathered[]): string {
  const counts = new Map<string, number>();
  for (const { productName, count } of gathered) {
    const name = productName === null || oneLine(productName) === '' ? 'no product' : shortName(productName);
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const shown = sorted.slice(0, MAX_PRODUCTS).map(([name, count]) => `${name} ${count}`);
  const more = sorted.length - shown.length;
  return [...shown, ...(more === 0 ? [] : [`${more} other products`])].join(', ');
}

function wordFor(severity: AlertSeverity, count: number): string {
  return severity === 'warning' ? `${count} ${count === 1 ? 'warning' : 'warnings'}` : `${count} ${severity}`;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
