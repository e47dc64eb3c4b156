import { type AlertKind } from '@recert/contracts';
import { type Fields, fieldsOf, instantOf, linkOf, textOf, textsOf, titleOf } from '../fields';
import { type Sign, type SignStatus } from '../sign';
import { sentrySeverity } from './sentry-severity';

const STATUS_OF_ACTION: ReadonlyMap<string, SignStatus> = new Map([
  ['created', 'firing'],
  ['unresolved', 'firing'],
  ['resolved', 'resolved'],
  ['assigned', 'acknowledged'],
  ['ignored', 'snoozed'],
  ['archived', 'snoozed'],
]);

/** What an issue is by itself, whatever was done with it; null without an id. */
export type IssueFacts = Omit<Sign, 'status' | 'at' | 'by'>;

/**
 * The resource `issue`.
 * @param sentAt when Sentry sent it
 * @returns null for an action that is not known, or without an issue
 */
export function readIssue(action: string, body: Fields, sentAt: Date): Sign | null {
  const data = fieldsOf(body['data']);
  const issue = fieldsOf(data['issue']);
  const status = STATUS_OF_ACTION.get(action);
  const facts = issueFacts(issue);
  if (status === undefined || facts === null) return null;
  const by = status === 'acknowledged' ? assigneeOf(data, body) : personIn(body['actor']);
  // "Last seen" is written with a delay and stays behind: only the first sighting is a better time than the sending.
  const at = action === 'created' ? (instantOf(issue['firstSeen']) ?? sentAt) : sentAt;
  return { ...facts, status, at, by, ...(action === 'unresolved' ? { again: true } : {}) };
}

/** The resource `activity_alert`: somebody's rule found that something happened to an issue. */
export function readActivityAlert(body: Fields, sentAt: Date): Sign | null {
  const data = fieldsOf(body['data']);
  const issue = fieldsOf(data['issue']);
  const facts = issueFacts(issue);
  if (facts === null) return null;
  const activity = textOf(fieldsOf(data['activity'])['type']) ?? '';
  return { ...facts, status: statusOfActivity(activity, issue), at: sentAt, by: null };
}

/** The state that an issue is in, as the API shows it. */
export function statusOfIssue(issue: Fields): SignStatus {
  if (issue['status'] === 'resolved') return 'resolved';
  return issue['status'] === 'ignored' || issue['status'] === 'muted' ? 'snoozed' : 'firing';
}

export function issueFacts(issue: Fields): IssueFacts | null {
  const id = textOf(issue['id'], 100);
  if (id === null) return null;
  const kind = issueKind(issue);
  const project = fieldsOf(issue['project']);
  const isOutage = kind === 'uptime';
  return {
    key: id,
    kind,
    severity: isOutage ? 'critical' : sentrySeverity(issue['level'], issue['priority']),
    title: titleOf(issue['title']) ?? titleOf(fieldsOf(issue['metadata'])['title']) ?? `Sentry issue ${id}`,
    // An outage's issue only says that it is down, as its title does: why, the event alert says.
    detail: isOutage ? null : textOf(issue['culprit']),
    link: linkOf(issue['web_url']) ?? linkOf(issue['permalink']),
    productHints: textsOf(project['slug'], project['id'], project['name']),
  };
}

function issueKind(issue: Fields): AlertKind {
  const type = textOf(issue['issueType']) ?? '';
  const category = textOf(issue['issueCategory']) ?? 'error';
  if (type.startsWith('uptime') || category === 'uptime') return 'uptime';
  if (type.startsWith('monitor_') || category === 'cron') return 'cron';
  if (type.startsWith('metric_issue') || category.startsWith('metric')) return 'metric';
  return category === 'error' ? 'error' : 'other';
}

function statusOfActivity(activity: string, issue: Fields): SignStatus {
  if (/resolved/.test(activity) && !/unresolved/.test(activity)) return 'resolved';
  if (/unresolved|regression|escalating|created/.test(activity)) return 'firing';
  return statusOfIssue(issue) === 'resolved' ? 'resolved' : 'note';
}

function assigneeOf(data: Fields, body: Fields): string {
  const assignee = fieldsOf(fieldsOf(data['issue'])['assignedTo'] ?? data['assignee']);
  const named = textOf(assignee['name'], 100) ?? textOf(assignee['email'], 100);
  return named ?? personIn(body['actor']) ?? 'somebody in Sentry';
}

/** @returns the name of a person; null for Sentry itself and for other programs */
function personIn(value: unknown): string | null {
  const actor = fieldsOf(value);
  return actor['type'] === 'user' ? textOf(actor['name'], 100) : null;
}
