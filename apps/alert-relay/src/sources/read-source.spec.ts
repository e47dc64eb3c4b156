import fc from 'fast-check';
import { readAlertmanager } from './alertmanager/read-alertmanager';
import { type Fields } from './fields';
import { readGeneric } from './generic/read-generic';
import { readGrafana } from './grafana/read-grafana';
import { TOKEN_SOURCES } from './read-source';
import { type Reading, type Sign } from './sign';
import { readUptimeKuma } from './uptime-kuma/read-uptime-kuma';

const RECEIVED = new Date('2026-11-21T09:12:05.000Z');
const signsOf = (reading: Reading): readonly Sign[] => {
  if (!reading.ok) throw new Error(reading.reason);
  return reading.signs;
};
const reasonOf = (reading: Reading): string => (reading.ok ? 'it was understood' : reading.reason);

function entryOf(changes: Fields = {}): Fields {
  return {
    status: 'firing',
    labels: { alertname: 'DiskFull', severity: 'page', product: 'lugha', host: 'a1' },
    annotations: { summary: 'The disk of a1 is full', description: '98 % of 50 GB are in use' },
    startsAt: '2026-11-21T09:12:00.123456789Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.example.org/graph?g0.expr=disk',
    fingerprint: 'f00dcafe',
    ...changes,
  };
}

describe('Alertmanager', () => {
  const read = (...alerts: unknown[]) =>
    readAlertmanager({}, { version: '4', status: 'firing', externalURL: 'http://am.example.org', alerts });

  it('says one thing per alert, by its fingerprint', () => {
    const ended = { status: 'resolved', endsAt: '2026-11-21T09:42:00Z', fingerprint: 'beef' };
    const signs = signsOf(read(entryOf(), entryOf(ended)));
    expect(signs).toHaveLength(2);
    expect(signs[0]).toEqual({
      ...{ key: 'f00dcafe', status: 'firing', kind: 'metric', severity: 'critical' },
      ...{ title: 'The disk of a1 is full', detail: '98 % of 50 GB are in use' },
      link: 'http://prometheus.example.org/graph?g0.expr=disk',
      productHints: ['lugha'],
      at: new Date('2026-11-21T09:12:00.123Z'),
      by: null,
    });
    expect(signs[1]).toMatchObject({ key: 'beef', status: 'resolved', at: new Date('2026-11-21T09:42:00Z') });
  });

  it('without a fingerprint is known by its labels, in whatever order they come', () => {
    const key = (labels: Fields): string => signsOf(read(entryOf({ fingerprint: undefined, labels })))[0]!.key;
    expect(key({ alertname: 'A', host: 'a1' })).toBe(key({ host: 'a1', alertname: 'A' }));
    expect(key({ alertname: 'A', host: 'a1' })).not.toBe(key({ alertname: 'A', host: 'a2' }));
  });

  it.each([
    ['critical', 'critical'],
    ['page', 'critical'],
    ['Fatal', 'critical'],
    ['error', 'critical'],
    ['warning', 'warning'],
    ['notice', 'info'],
    [undefined, null],
  ])('of the severity %s is %s', (severity, expected) => {
    expect(signsOf(read(entryOf({ labels: { severity } })))[0]!.severity).toBe(expected);
  });

  it('is of the kind that a label says, and has its name where it has no summary', () => {
    const [sign] = signsOf(read(entryOf({ labels: { alertname: 'ProbeFailed', kind: 'uptime' }, annotations: null })));
    expect(sign).toMatchObject({ kind: 'uptime', title: 'ProbeFailed', detail: null });
    expect(signsOf(read(entryOf({ labels: { kind: 'nonsense' }, annotations: {} })))[0]).toMatchObject({
      ...{ kind: 'metric', title: 'An alert without a name' },
    });
  });

  it('takes the zero date of Go for no date', () => {
    const ended = entryOf({ status: 'resolved', startsAt: '0001-01-01T00:00:00Z' });
    expect(signsOf(read(ended))[0]!.at).toBeNull();
  });

  it.each([[null], [{}], [{ alerts: [] }], [{ alerts: [null, 7] }], [{ alerts: 'many' }]])(
    'cannot be read from %j',
    (body) => {
      expect(reasonOf(readAlertmanager({}, body))).toContain('alerts: ');
    },
  );
});

describe('Grafana', () => {
  const read = (alert: Fields) => readGrafana({}, { version: '1', orgId: 1, state: 'alerting', alerts: [alert] });

  it('links to the panel, and else to what made the alert', () => {
    expect(signsOf(read(entryOf({ panelURL: 'https://grafana.example.org/d/1?viewPanel=2' })))[0]!.link).toBe(
      'https://grafana.example.org/d/1?viewPanel=2',
    );
    expect(signsOf(read(entryOf({ panelURL: '' })))[0]!.link).toBe('http://prometheus.example.org/graph?g0.expr=disk');
  });

  it('shows the values where there is no description', () => {
    const entry = entryOf({ annotations: {}, valueString: "[ var='B' value=98 ]" });
    expect(signsOf(read(entry))[0]).toMatchObject({ title: 'DiskFull', detail: "[ var='B' value=98 ]" });
  });

  it('says of a test message that the set-up works', () => {
    const labels = { alertname: 'TestAlert', instance: 'Grafana' };
    const [sign] = signsOf(read(entryOf({ labels, annotations: { summary: 'Notification test' } })));
    expect(sign).toMatchObject({ kind: 'other', severity: 'info', status: 'firing' });
    expect(sign!.title).toBe('A test message of Grafana has arrived: its alerts reach Recert');
  });

  it('cannot be read without a list', () => {
    expect(reasonOf(readGrafana({}, { state: 'alerting' }))).toContain('alerts: ');
    expect(reasonOf(readGrafana({}, { alerts: [] }))).toContain('alerts: ');
  });
});

describe('Uptime Kuma', () => {
  const monitor = {
    id: 7,
    name: 'Lugha',
    url: 'https://lugha.example.org',
    tags: [{ name: 'product', value: 'lugha' }],
  };
  const beat = (changes: Fields = {}) => ({
    monitorID: 7,
    status: 0,
    time: '2026-11-21 09:12:03.412',
    msg: 'timeout',
    ...changes,
  });
  const read = (heartbeat: unknown, of: unknown = monitor, msg: unknown = '[Lugha] [Down] timeout') =>
    readUptimeKuma({}, { heartbeat, monitor: of, msg }, RECEIVED);

  it('tells of an outage, at a time in UTC', () => {
    expect(signsOf(read(beat()))).toEqual([
      {
        ...{ key: 'monitor 7', status: 'firing', kind: 'uptime', severity: 'critical', title: 'Lugha is down' },
        ...{ detail: 'timeout', link: 'https://lugha.example.org', productHints: ['lugha'] },
        at: new Date('2026-11-21T09:12:03.412Z'),
        by: null,
      },
    ]);
  });

  it.each([
    [0, 'firing'],
    [1, 'resolved'],
    [2, 'note'],
    [3, 'resolved'],
  ])('means by the status %i that it is %s', (status, expected) => {
    expect(signsOf(read(beat({ status })))[0]!.status).toBe(expected);
  });

  it.each([
    ['2026-11-21T09:12:03Z', new Date('2026-11-21T09:12:03Z')],
    ['yesterday', null],
    [null, null],
  ])('takes %s for its time as far as it is one', (time, expected) => {
    expect(signsOf(read(beat({ time })))[0]!.at).toEqual(expected);
  });

  it('says of a test message that the set-up works', () => {
    const [sign] = signsOf(read(null, null, 'Recert Testing'));
    expect(sign).toMatchObject({ key: 'test', kind: 'other', severity: 'info', status: 'firing' });
    expect(sign!.title).toBe('A test message of Uptime Kuma has arrived: its alerts reach Recert');
  });

  it('makes one alert of a certificate that expires, however many days are left', () => {
    const expiring = (days: number) => signsOf(read(null, null, `[Lugha] certificate will expire in ${days} days`))[0]!;
    expect(expiring(14)).toMatchObject({ kind: 'other', severity: 'warning' });
    expect(expiring(14).key).toBe(expiring(7).key);
    expect(expiring(7).title).toBe('[Lugha] certificate will expire in 7 days');
  });

  it.each([
    ['nothing', null, null, null, 'msg: '],
    ['another status', { monitorID: 7, status: 9 }, null, '', 'heartbeat.status: '],
    ['nobody', { status: 0 }, null, '', 'heartbeat.monitorID: '],
  ])('cannot be read when it speaks of %s', (_what, heartbeat, of, msg, reason) => {
    expect(reasonOf(read(heartbeat, of, msg))).toContain(reason);
  });

  it('cannot be read from what is no object', () => {
    expect(readUptimeKuma({}, null, RECEIVED).ok).toBe(false);
  });
});

describe('a script of one’s own', () => {
  const read = (body: unknown) => readGeneric({}, body, RECEIVED);

  it('needs a title only', () => {
    expect(signsOf(read({ title: 'Backup failed' }))).toEqual([
      {
        ...{ key: 'Backup failed', status: 'firing', kind: 'other', severity: null, title: 'Backup failed' },
        ...{ detail: null, link: null, productHints: [], at: RECEIVED, by: null },
      },
    ]);
  });

  it('may say everything', () => {
    const body = { title: 'Backup', key: 42, status: 'OK', severity: 'crit', detail: 'since monday', product: 'lugha' };
    expect(signsOf(read({ ...body, url: 'https://backup.example.org' }))[0]).toMatchObject({
      ...{ key: '42', status: 'resolved', severity: 'critical', detail: 'since monday', productHints: ['lugha'] },
      link: 'https://backup.example.org',
    });
  });

  it.each(['firing', 'down', 'open', 'alert', 'problem', 'DOWN', ' Open '])('fires by the word %s', (status) => {
    expect(signsOf(read({ title: 'x', status }))[0]!.status).toBe('firing');
  });

  it.each(['resolved', 'ok', 'up', 'closed', 'recovered', 'Up', 'RECOVERED'])('ends by the word %s', (status) => {
    expect(signsOf(read({ title: 'x', status }))[0]!.status).toBe('resolved');
  });

  it('names what is wrong', () => {
    expect(reasonOf(read({}))).toContain('title: ');
    expect(reasonOf(read({ title: ' ' }))).toContain('title: ');
    expect(reasonOf(read({ title: 'x', status: 'maybe' }))).toContain('status: expected firing');
    expect(reasonOf(read(null))).toContain('body: ');
  });
});

describe('every source', () => {
  it.each(Object.keys(TOKEN_SOURCES))('%s understands anything, or says why not', (source) => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record({ alerts: fc.array(fc.jsonValue()), heartbeat: fc.jsonValue(), msg: fc.jsonValue() }),
      fc.record({
        alerts: fc.array(fc.record({ labels: fc.jsonValue(), annotations: fc.jsonValue(), startsAt: fc.jsonValue() })),
      }),
      fc.record({
        heartbeat: fc.record({ status: fc.nat(3), monitorID: fc.jsonValue(), time: fc.jsonValue() }),
        monitor: fc.jsonValue(),
      }),
      fc.record({ title: fc.jsonValue(), key: fc.jsonValue(), url: fc.jsonValue() }),
    );
    fc.assert(
      fc.property(anything, (body) => {
        const reading = TOKEN_SOURCES[source]!({}, body, RECEIVED);
        if (!reading.ok) expect(reading.reason).not.toBe('');
        else for (const sign of reading.signs) expect([sign.key, sign.title]).not.toContain('');
      }),
      { numRuns: 300 },
    );
  });
});
