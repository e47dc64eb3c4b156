import { type Fields } from '../fields';

/** Bodies in the shapes that Sentry sends, with texts of our own; examples for tests. */
const installation = { uuid: '5d1f7c1e-0000-4000-8000-00000000f00d' };
export const SENTRY = { type: 'application', id: 'sentry', name: 'Sentry' };
export const ADA = { type: 'user', id: 7, name: 'Ada Lovelace' };

export function issueOf(changes: Fields = {}): Fields {
  return {
    ...{ id: '4200', shortId: 'LUGHA-1', title: 'TypeError: words is undefined', culprit: 'lessons/next' },
    ...{ web_url: 'https://acme.sentry.io/issues/4200/', permalink: 'https://acme.sentry.io/issues/4200/' },
    ...{ level: 'error', status: 'unresolved', substatus: 'new', priority: 'medium', platform: 'node' },
    ...{ issueType: 'error', issueCategory: 'error', assignedTo: null, statusDetails: {}, count: '1' },
    project: { id: '4509', slug: 'lugha', name: 'Lugha' },
    metadata: { title: 'TypeError: words is undefined' },
    firstSeen: '2026-11-21T09:12:00.500000+00:00',
    lastSeen: '2026-11-21T09:12:00.500000+00:00',
    ...changes,
  };
}

export function outageOf(changes: Fields = {}): Fields {
  return issueOf({
    ...{ id: '4300', title: 'Downtime detected for https://lugha.example.org', culprit: '', priority: 'high' },
    ...{ web_url: 'https://acme.sentry.io/issues/4300/', permalink: 'https://acme.sentry.io/issues/4300/' },
    ...{ issueType: 'uptime_domain_failure', issueCategory: 'outage' },
    metadata: { value: 'Your monitored domain is down' },
    ...changes,
  });
}

export function issueBody(
  action: string,
  issue: Fields = issueOf(),
  rest: Fields = {},
  actor: Fields = SENTRY,
): Fields {
  return { action, installation, actor, data: { issue, ...rest } };
}

export function eventOf(changes: Fields = {}): Fields {
  return {
    ...{ event_id: 'c0ffee00c0ffee00c0ffee00c0ffee00', project: 4509, level: 'error', type: 'error', version: '7' },
    ...{ title: 'TypeError: words is undefined', culprit: 'lessons/next', message: '', issue_id: '4200' },
    url: 'https://sentry.io/api/0/projects/acme/lugha/events/c0ffee00c0ffee00c0ffee00c0ffee00/',
    web_url: 'https://acme.sentry.io/issues/4200/events/c0ffee00c0ffee00c0ffee00c0ffee00/',
    datetime: '2026-11-21T09:12:00.500000Z',
    exception: { values: [{ type: 'TypeError', value: 'words is undefined' }] },
    ...changes,
  };
}

/** The evidence of an uptime check, as rows of name and value. */
export function outageEvent(evidence: Readonly<Record<string, string>>, changes: Fields = {}): Fields {
  const evidenceDisplay = Object.entries(evidence).map(([name, value]) => ({ name, value, important: false }));
  return eventOf({
    ...{ title: 'Downtime detected for https://lugha.example.org', culprit: '', issue_id: '4300', type: 'generic' },
    web_url: 'https://acme.sentry.io/issues/4300/events/c0ffee00c0ffee00c0ffee00c0ffee00/',
    occurrence: { type: 7001, priority: 75, projectId: 4509, subtitle: 'It is down', evidenceDisplay },
    ...changes,
  });
}

export function eventAlertBody(event: Fields): Fields {
  return { action: 'triggered', installation, actor: SENTRY, data: { event, triggered_rule: 'Tell everybody' } };
}

export function metricBody(action: string, changes: Fields = {}): Fields {
  const alert_rule = { id: '7', name: 'Too many errors', projects: ['lugha'], status: 0, triggers: [] };
  const metric_alert = { id: '31', title: 'Brave Heron', projects: ['lugha'], alert_rule, ...changes };
  return {
    ...{ action, installation, actor: SENTRY },
    data: {
      metric_alert,
      description_text: '900 events in the last 10 minutes',
      web_url: 'https://sentry.io/organizations/acme/alerts/31/',
    },
  };
}
