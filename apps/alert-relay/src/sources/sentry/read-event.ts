import { type AlertKind } from '@recert/contracts';
import { type Fields, fieldsOf, instantOf, linkOf, listOf, textOf, textsOf, titleOf } from '../fields';
import { type Sign } from '../sign';
import { sentrySeverity } from './sentry-severity';

/** Sentry's numbers of kinds of occurrences; an event without an occurrence is an error. */
const KIND_OF_OCCURRENCE: ReadonlyMap<string | null, AlertKind> = new Map([
  ['7001', 'uptime'],
  ['4001', 'cron'],
  ['8001', 'metric'],
]);

/**
 * An event, as the resources `event_alert` and `error` carry it.
 * @returns null without anything that tells which issue it belongs to
 */
export function readEvent(event: Fields, sentAt: Date): Sign | null {
  const occurrence = fieldsOf(event['occurrence']);
  const metadata = fieldsOf(event['metadata']);
  const title = titleOf(event['title']) ?? titleOf(metadata['title']) ?? titleOf(event['message']);
  const key = issueIdOf(event) ?? (title === null ? null : `event ${title}`);
  if (key === null) return null;
  const kind = kindOf(event);
  return {
    key,
    status: 'firing',
    kind,
    severity: kind === 'uptime' ? 'critical' : sentrySeverity(event['level'], occurrence['priority']),
    title: title ?? `Sentry issue ${key}`,
    detail: kind === 'uptime' ? whyItFailed(occurrence) : (textOf(event['culprit']) ?? textOf(occurrence['subtitle'])),
    link: issueLink(event['web_url']),
    productHints: textsOf(
      projectInAddress(event['url']),
      event['project_slug'],
      event['project'],
      occurrence['projectId'],
    ),
    at: instantOf(event['datetime']) ?? sentAt,
    by: null,
  };
}

/** What the legacy WebHooks plugin sends, without a resource; null when it is not that. */
export function readLegacyEvent(body: Fields, sentAt: Date): Sign | null {
  const event = fieldsOf(body['event']);
  const isLegacy = body['project'] !== undefined && (body['event'] !== undefined || body['message'] !== undefined);
  if (!isLegacy) return null;
  const title = titleOf(event['title']) ?? titleOf(body['message']) ?? titleOf(body['culprit']);
  const key = textOf(body['id'], 100) ?? issueIdOf(body) ?? (title === null ? null : `event ${title}`);
  if (key === null) return null;
  return {
    key,
    status: 'firing',
    kind: 'error',
    severity: sentrySeverity(body['level'] ?? event['level'], null),
    title: title ?? `Sentry issue ${key}`,
    detail: textOf(body['culprit']),
    link: issueLink(body['url']),
    productHints: textsOf(body['project_slug'], body['project'], body['project_name']),
    at: instantOf(event['datetime']) ?? sentAt,
    by: null,
  };
}

function kindOf(event: Fields): AlertKind {
  const { occurrence } = event;
  if (occurrence === undefined || occurrence === null) return 'error';
  return KIND_OF_OCCURRENCE.get(textOf(fieldsOf(occurrence)['type'])) ?? 'other';
}

function issueIdOf(event: Fields): string | null {
  const named = textOf(event['issue_id'], 100) ?? textOf(event['group_id'], 100);
  return named ?? idInAddress(event['issue_url']) ?? idInAddress(event['web_url']) ?? idInAddress(event['url']);
}

function idInAddress(address: unknown): string | null {
  return /\/(?:issues|groups)\/(\d+)/.exec(textOf(address, 2000) ?? '')?.[1] ?? null;
}

/** The page of the issue: an event's own page goes away with the event. */
function issueLink(address: unknown): string | null {
  return linkOf(address)?.replace(/(\/issues\/\d+\/)(?:events\/.*|\?.*)$/, '$1') ?? null;
}

/** The slug in the API address of an event, such as /api/0/projects/acme/shop/events/.. */
function projectInAddress(address: unknown): string | null {
  return /\/projects\/[^/]+\/([^/]+)\//.exec(textOf(address, 2000) ?? '')?.[1] ?? null;
}

/** The evidence of an uptime check as a sentence. The status code is the word None where nothing answered. */
function whyItFailed(occurrence: Fields): string | null {
  const shown = (name: string): string | null => {
    const row = listOf(occurrence['evidenceDisplay']).find((each) => fieldsOf(each)['name'] === name);
    return textOf(fieldsOf(row)['value'], 500);
  };
  const reason = shown('Failure reason')?.replace(/^[a-z_]+ - /, '') ?? null;
  const code = shown('Status Code');
  const number = code !== null && /^\d{3}$/.test(code) ? code : null;
  if (reason === null) return number === null ? null : `The check failed: status code ${number}.`;
  const isNamed = number === null || reason.includes(number);
  return `The check failed: ${reason}${isNamed ? '' : ` (status code ${number})`}.`;
}
