import { createHash } from 'node:crypto';
import { alertKind, type AlertKind } from '@recert/contracts';
import { type Fields, fieldsOf, instantOf, isFields, linkOf, textOf, textsOf, titleOf } from './fields';
import { severityOfWord } from './severity-word';
import { type Sign } from './sign';

/**
 * One entry of `alerts[]`, which Grafana has from Alertmanager. A label `kind` (error, uptime, metric, cron, other) says
 * what it is, a label `product` whose it is.
 * @param links addresses to show, best first
 * @returns null for what is no entry at all
 */
export function readLabelledAlert(entry: unknown, links: readonly unknown[]): Sign | null {
  if (!isFields(entry)) return null;
  const labels = fieldsOf(entry['labels']);
  const annotations = fieldsOf(entry['annotations']);
  const isResolved = entry['status'] === 'resolved';
  const title = titleOf(annotations['summary']) ?? titleOf(labels['alertname']) ?? 'An alert without a name';
  const detail = textOf(annotations['description']) ?? textOf(annotations['message']) ?? textOf(entry['valueString']);
  return {
    key: textOf(entry['fingerprint'], 200) ?? hashOf(labels),
    status: isResolved ? 'resolved' : 'firing',
    kind: kindOf(labels['kind']),
    severity: severityOfWord(textOf(labels['severity'], 100)),
    title,
    detail,
    link: links.map(linkOf).find((link) => link !== null) ?? null,
    productHints: textsOf(labels['product']),
    at: instantOf(entry[isResolved ? 'endsAt' : 'startsAt']),
    by: null,
  };
}

function kindOf(label: unknown): AlertKind {
  return alertKind.safeParse(label).data ?? 'metric';
}

function hashOf(labels: Fields): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}
