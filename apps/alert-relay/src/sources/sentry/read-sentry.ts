import { type Fields, fieldsOf, isFields, textOf, textsOf } from '../fields';
import { type KeptHeaders, read, type Reading, type Sign, unreadable } from '../sign';
import { readEvent, readLegacyEvent } from './read-event';
import { readActivityAlert, readIssue } from './read-issue';
import { readMetricAlert } from './read-metric-alert';

const PAYLOAD_LENGTH = 64 * 1024;

/**
 * What Sentry sends, by its `Sentry-Hook-Resource`. The key of everything about one issue is the issue's id. What is
 * not known becomes one alert per resource and action: nothing is dropped because it is new.
 */
export function readSentry(headers: KeptHeaders, body: unknown, receivedAt: Date): Reading {
  if (!isFields(body)) return unreadable('the body is no JSON object, as everything from Sentry is');
  const resource = textOf(headers['sentry-hook-resource'], 100) ?? guessResource(body);
  const action = textOf(body['action'], 100) ?? 'no action';
  const sentAt = sentTime(headers, receivedAt);
  const sign = resource === null ? readLegacyEvent(body, sentAt) : readResource(resource, action, body, sentAt);
  return read(sign ?? unknownSign(resource ?? 'something without a resource', action, body, receivedAt));
}

function readResource(resource: string, action: string, body: Fields, sentAt: Date): Sign | null {
  const data = fieldsOf(body['data']);
  switch (resource) {
    case 'issue':
      return readIssue(action, body, sentAt);
    case 'event_alert':
      return action === 'triggered' ? readEvent(fieldsOf(data['event']), sentAt) : null;
    case 'error':
      return action === 'created' ? readEvent(fieldsOf(data['error']), sentAt) : null;
    case 'metric_alert':
      return readMetricAlert(action, body, sentAt);
    case 'activity_alert':
      return readActivityAlert(body, sentAt);
    case 'comment':
      return note(textOf(data['issue_id'], 100) ?? 'comment', `A comment was ${action} in Sentry`, data, sentAt);
    case 'installation':
      return note('installation', `The integration with Sentry was ${action}`, data, sentAt);
    default:
      return null;
  }
}

/** The resource is a header, which not everything that replays a body keeps. */
function guessResource(body: Fields): string | null {
  const data = fieldsOf(body['data']);
  if (isFields(data['activity']) && isFields(data['issue'])) return 'activity_alert';
  for (const name of ['issue', 'error', 'metric_alert', 'installation', 'comment']) {
    if (data[name] !== undefined && data[name] !== null) return name;
  }
  return isFields(data['event']) ? 'event_alert' : null;
}

/** The header counts seconds: what happened within that second happened before the sending. */
function sentTime(headers: KeptHeaders, receivedAt: Date): Date {
  const seconds = Number(headers['sentry-hook-timestamp']);
  if (!Number.isSafeInteger(seconds) || seconds <= 0) return receivedAt;
  return new Date(Math.min(seconds * 1000 + 999, receivedAt.getTime()));
}

function note(key: string, title: string, data: Fields, at: Date): Sign {
  return {
    ...{ key, status: 'note', kind: 'other', severity: null, title, link: null, at, by: null },
    detail: textOf(data['comment']),
    productHints: textsOf(data['project_slug']),
  };
}

function unknownSign(resource: string, action: string, body: Fields, receivedAt: Date): Sign {
  const name = `${resource}.${action}`.slice(0, 200);
  return {
    key: `unknown ${name}`,
    status: 'firing',
    kind: 'other',
    severity: 'info',
    title: `Sentry sent ${name}, which Recert does not know yet`,
    detail: 'It was kept as it came. Later ones of the same kind are counted here.',
    link: null,
    productHints: [],
    at: receivedAt,
    by: null,
    payload: JSON.stringify(body).slice(0, PAYLOAD_LENGTH),
  };
}
