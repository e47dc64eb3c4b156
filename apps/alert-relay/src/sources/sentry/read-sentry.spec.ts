import fc from 'fast-check';
import { type Fields } from '../fields';
import { type Sign } from '../sign';
import { readSentry } from './read-sentry';
import { ADA, eventAlertBody, eventOf, issueBody, issueOf, metricBody, outageEvent, outageOf } from './sentry-examples';

const RECEIVED = new Date('2026-11-21T09:12:05.000Z');
const SENT = Date.UTC(2026, 10, 21, 9, 12, 3) / 1000;

const signOf = (resource: string, body: unknown, headers: Record<string, string> = {}): Sign => {
  const given = { 'sentry-hook-resource': resource, 'sentry-hook-timestamp': String(SENT), ...headers };
  const reading = readSentry(given, body, RECEIVED);
  if (!reading.ok) throw new Error(reading.reason);
  expect(reading.signs).toHaveLength(1);
  return reading.signs[0]!;
};

describe('an issue of Sentry', () => {
  it('fires when it is created, from when it was first seen', () => {
    expect(signOf('issue', issueBody('created'))).toEqual({
      key: '4200',
      status: 'firing',
      kind: 'error',
      severity: 'warning',
      title: 'TypeError: words is undefined',
      detail: 'lessons/next',
      link: 'https://acme.sentry.io/issues/4200/',
      productHints: ['lugha', '4509', 'Lugha'],
      at: new Date('2026-11-21T09:12:00.500Z'),
      by: null,
    });
  });

  it('fires again when it is unresolved, from when that was sent: its last sighting is written late', () => {
    const body = issueBody('unresolved', issueOf({ substatus: 'regressed', lastSeen: '2026-11-01T00:00:00Z' }));
    expect(signOf('issue', body)).toMatchObject({ status: 'firing', again: true, at: new Date(SENT * 1000 + 999) });
  });

  it.each([
    ['resolved', 'resolved'],
    ['ignored', 'snoozed'],
    ['archived', 'snoozed'],
  ])('that is %s in Sentry is %s here, by whoever did it', (action, status) => {
    expect(signOf('issue', issueBody(action, issueOf(), {}, ADA))).toMatchObject({ status, by: 'Ada Lovelace' });
    expect(signOf('issue', issueBody(action))).toMatchObject({ status, by: null });
  });

  it('that is assigned is acknowledged by the assignee, as far as they are named', () => {
    const assigned = (issue: Fields, rest: Fields = {}, actor?: Fields) =>
      signOf('issue', issueBody('assigned', issueOf(issue), rest, actor)).by;
    expect(assigned({ assignedTo: { type: 'user', name: 'Grace Hopper', email: 'g@example.org' } })).toBe(
      'Grace Hopper',
    );
    expect(assigned({ assignedTo: { type: 'team', name: 'backend' } })).toBe('backend');
    expect(assigned({ assignedTo: { email: 'g@example.org' } })).toBe('g@example.org');
    expect(assigned({}, { assignee: { name: 'Grace Hopper' } })).toBe('Grace Hopper');
    expect(assigned({}, {}, ADA)).toBe('Ada Lovelace');
    expect(assigned({})).toBe('somebody in Sentry');
  });

  it.each([
    ['fatal', 'medium', 'critical'],
    ['error', 'high', 'critical'],
    ['error', 'medium', 'warning'],
    ['error', 'low', 'warning'],
    ['error', null, null],
    ['warning', 'high', 'warning'],
    ['info', 'high', 'info'],
    ['debug', null, 'info'],
    ['something', null, null],
    [null, 'high', null],
  ])('of the level %s and the priority %s is %s', (level, priority, severity) => {
    expect(signOf('issue', issueBody('created', issueOf({ level, priority }))).severity).toBe(severity);
  });

  it.each([
    ['uptime_domain_failure', 'outage', 'uptime'],
    ['monitor_check_in_failure', 'outage', 'cron'],
    ['monitor_check_in_missed', 'cron', 'cron'],
    ['metric_issue', 'metric', 'metric'],
    ['performance_n_plus_one_db_queries', 'performance', 'other'],
    ['error', 'error', 'error'],
    [null, null, 'error'],
  ])('of the type %s and the category %s is of the kind %s', (issueType, issueCategory, kind) => {
    expect(signOf('issue', issueBody('created', issueOf({ issueType, issueCategory }))).kind).toBe(kind);
  });

  it('of an uptime monitor is critical, and leaves the reason to the event alert', () => {
    expect(signOf('issue', issueBody('created', outageOf({ priority: 'low' })))).toMatchObject({
      kind: 'uptime',
      severity: 'critical',
      detail: null,
    });
  });

  it('has the permalink where it has no address for the web, and none that is no address', () => {
    const link = (issue: Fields) => signOf('issue', issueBody('created', issueOf(issue))).link;
    expect(link({ web_url: undefined })).toBe('https://acme.sentry.io/issues/4200/');
    expect(link({ web_url: 'javascript:alert(1)', permalink: null })).toBeNull();
  });

  it('without an id becomes an unknown sign, and is not lost', () => {
    expect(signOf('issue', issueBody('created', { title: 'no id' }))).toMatchObject({ key: 'unknown issue.created' });
  });
});

describe('an event of Sentry', () => {
  it.each(['event_alert', 'error'])('that comes as %s is about its issue', (resource) => {
    const body = resource === 'error' ? { action: 'created', data: { error: eventOf() } } : eventAlertBody(eventOf());
    expect(signOf(resource, body)).toEqual({
      key: '4200',
      status: 'firing',
      kind: 'error',
      severity: null,
      title: 'TypeError: words is undefined',
      detail: 'lessons/next',
      link: 'https://acme.sentry.io/issues/4200/',
      productHints: ['lugha', '4509'],
      at: new Date('2026-11-21T09:12:00.500Z'),
      by: null,
    });
  });

  it('without an issue id is known by its addresses, and else by its title', () => {
    const key = (changes: Fields) => signOf('event_alert', eventAlertBody(eventOf({ issue_id: null, ...changes }))).key;
    expect(key({ issue_url: 'https://sentry.io/api/0/issues/77/' })).toBe('77');
    expect(key({})).toBe('4200');
    expect(key({ web_url: null })).toBe('event TypeError: words is undefined');
  });

  it.each([
    ['failure - Got non 2xx status: 503 Service Unavailable', '503', 'Got non 2xx status: 503 Service Unavailable'],
    ['failure - Got non 2xx status', '503', 'Got non 2xx status (status code 503)'],
    ['timeout - Request timed out', 'None', 'Request timed out'],
    ['dns_error - No such host', '', 'No such host'],
  ])('of an uptime check says why it failed: %s, %s', (reason, code, sentence) => {
    const event = outageEvent({ 'Failure reason': reason, 'Status Code': code, Duration: '412ms' });
    expect(signOf('event_alert', eventAlertBody(event))).toMatchObject({
      ...{ key: '4300', kind: 'uptime', severity: 'critical', detail: `The check failed: ${sentence}.` },
    });
  });

  it('of an uptime check without any evidence is an outage still', () => {
    const event = outageEvent({}, { occurrence: { type: 7001, evidenceDisplay: null } });
    expect(signOf('event_alert', eventAlertBody(event))).toMatchObject({ kind: 'uptime', detail: null });
    expect(signOf('event_alert', eventAlertBody(outageEvent({ 'Status Code': '502' }))).detail).toBe(
      'The check failed: status code 502.',
    );
  });

  it.each([
    [4001, 'cron'],
    [8001, 'metric'],
    [1006, 'other'],
    [null, 'other'],
  ])('with an occurrence of the type %s is of the kind %s', (type, kind) => {
    expect(signOf('event_alert', eventAlertBody(eventOf({ occurrence: { type } }))).kind).toBe(kind);
  });

  it('of the legacy plugin, which names no resource, is an error', () => {
    const legacy = {
      ...{ id: '4200', project: 'lugha', project_slug: 'lugha', project_name: 'Lugha', level: 'fatal' },
      ...{
        culprit: 'lessons/next',
        message: 'words is undefined',
        url: 'https://sentry.io/acme/lugha/issues/4200/?ref=x',
      },
      event: { title: 'TypeError: words is undefined' },
    };
    const reading = readSentry({}, legacy, RECEIVED);
    expect(reading).toMatchObject({ ok: true, signs: [{ key: '4200', kind: 'error', severity: 'critical' }] });
    expect(reading).toMatchObject({ signs: [{ link: 'https://sentry.io/acme/lugha/issues/4200/', at: RECEIVED }] });
  });
});

describe('a metric alert of Sentry', () => {
  it.each([
    ['critical', 'firing', 'critical'],
    ['warning', 'firing', 'warning'],
    ['resolved', 'resolved', null],
  ])('that is %s is %s, of its rule and project', (action, status, severity) => {
    expect(signOf('metric_alert', metricBody(action))).toEqual({
      ...{ key: 'metric 7 of lugha', status, kind: 'metric', severity, title: 'Too many errors' },
      detail: '900 events in the last 10 minutes',
      link: 'https://sentry.io/organizations/acme/alerts/31/',
      productHints: ['lugha', 'lugha'],
      at: new Date(SENT * 1000 + 999),
      by: null,
    });
  });

  it('without a rule is known by its incident', () => {
    const body = metricBody('critical', { alert_rule: null, projects: null });
    expect(signOf('metric_alert', body)).toMatchObject({ key: 'metric 31', title: 'Brave Heron' });
  });
});

describe('an activity alert of Sentry', () => {
  const activity = (type: string, issue: Fields): Sign =>
    signOf('activity_alert', issueBody('triggered', issue, { activity: { type, details: {} } }));

  it.each([
    ['status_resolved', 'resolved'],
    ['set_resolved_in_release', 'resolved'],
    ['set_unresolved', 'firing'],
    ['set_regression', 'firing'],
    ['assigned', 'note'],
  ])('about %s is %s', (type, status) => {
    expect(activity(type, outageOf())).toMatchObject({ key: '4300', status });
  });

  it('about something new of an issue that is resolved is its end', () => {
    expect(activity('something_new', outageOf({ status: 'resolved' })).status).toBe('resolved');
  });
});

describe('everything else from Sentry', () => {
  it.each([
    ['comment', { action: 'created', data: { comment: 'looking', issue_id: 4200, project_slug: 'lugha' } }, '4200'],
    ['installation', { action: 'created', data: { installation: { status: 'installed' } } }, 'installation'],
  ])('a %s is a note', (resource, body, key) => {
    expect(signOf(resource, body)).toMatchObject({ status: 'note', key });
  });

  it.each([
    ['seer', { action: 'pr_created', data: {} }, 'seer.pr_created'],
    ['seer', { data: {} }, 'seer.no action'],
    ['issue', issueBody('merged'), 'issue.merged'],
    ['event_alert', { ...eventAlertBody(eventOf()), action: 'untriggered' }, 'event_alert.untriggered'],
  ])('a %s that nobody knows is one alert of its kind, with its body', (resource, body, name) => {
    const sign = signOf(resource, body);
    expect(sign).toMatchObject({ key: `unknown ${name}`, kind: 'other', severity: 'info', status: 'firing' });
    expect(sign.title).toBe(`Sentry sent ${name}, which Recert does not know yet`);
    expect(sign.payload).toBe(JSON.stringify(body));
  });

  it.each([
    ['an issue', issueBody('created'), '4200'],
    ['an event', eventAlertBody(eventOf()), '4200'],
    ['a metric alert', metricBody('critical'), 'metric 7 of lugha'],
    ['anything', { action: 'x' }, 'unknown something without a resource.x'],
  ])('%s without a resource is known by its fields', (_what, body, key) => {
    expect(readSentry({}, body, RECEIVED)).toMatchObject({ ok: true, signs: [{ key }] });
  });

  it.each([[null], [[]], ['text'], [7]])('a body that is no object, such as %j, cannot be understood', (body) => {
    expect(readSentry({ 'sentry-hook-resource': 'issue' }, body, RECEIVED).ok).toBe(false);
  });

  it.each([
    ['later than now', String(SENT + 60)],
    ['not a number', 'soon'],
    ['zero', '0'],
  ])('a time of sending that is %s is when it was received', (_what, timestamp) => {
    expect(signOf('issue', issueBody('resolved'), { 'sentry-hook-timestamp': timestamp }).at).toEqual(RECEIVED);
  });

  it('texts lose what cannot be stored, and are cut', () => {
    const title = `a\u0000b\ud800 ${'x'.repeat(5000)}`;
    const sign = signOf('issue', issueBody('created', issueOf({ title })));
    expect(sign.title).toHaveLength(300);
    expect(sign.title).not.toContain('\u0000');
    expect(sign.title).not.toContain('\ud800');
  });

  it('whatever the fields hold, something is made of it', () => {
    const names = fc.constantFrom('constructor', '__proto__', 'toString', { toString: 1, valueOf: null }, [[]]);
    const bodies = [issueBody('created'), issueBody('assigned', outageOf()), metricBody('warning')];
    const others = [eventAlertBody(eventOf()), eventAlertBody(outageEvent({ 'Status Code': 'None' }))];
    const resources = fc.constantFrom(
      'issue',
      'event_alert',
      'error',
      'metric_alert',
      'activity_alert',
      'comment',
      'x',
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...bodies, ...others),
        resources,
        fc.nat(),
        fc.oneof(fc.jsonValue(), names),
        (body, resource, n, value) => {
          expect(signOf(resource, withField(body, n, value)).title).not.toBe('');
        },
      ),
      { numRuns: 1000 },
    );
  });
});

/** A copy in which the n-th of all fields, at any depth, holds another value. */
function withField(body: Fields, n: number, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(body)) as Fields;
  const places: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      walk((node as Record<string, unknown>)[key]);
    }
  };
  walk(copy);
  const [owner, key] = places[n % places.length]!;
  owner[key] = value;
  return copy;
}
