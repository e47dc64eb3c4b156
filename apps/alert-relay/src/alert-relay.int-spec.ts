import { createHash, createHmac, randomBytes } from 'node:crypto';
import { ServiceDatabase } from '@recert/bus';
import {
  AlertAcknowledged,
  AlertRaised,
  AlertResolved,
  type AlertView,
  ProductRegistered,
  TokenChanged,
} from '@recert/contracts';
import { type RunningProcess, startProcess } from '@recert/service-kit';
import { eventually, testDatabase, type TestDatabase } from '@recert/testing';
import { AlertRelayModule, alertRelayConfig } from './index';
import { eventAlertBody, issueBody, outageEvent, outageOf } from './sources/sentry/sentry-examples';

const ADMIN = 'a-token-for-the-tests';
const SECRETS = ['the-secret-of-before', 'the-secret-from-now-on'];
const GENERIC = { title: 'Backup failed', severity: 'critical', product: 'shop' };

/** A token as an admin gets it, and what the registry says of it. */
function newToken(scopes: string[], product: string | null): { token: string; event: TokenChanged } {
  const tokenId = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(secret).digest('hex');
  const event = { tokenId, version: 1, name: 'a token', hash, scopes, product, active: true };
  return { token: `recert_${tokenId}_${secret}`, event };
}

describe('the alert relay as a service', () => {
  let database: TestDatabase;
  let running: RunningProcess;
  const lugha = newToken(['alerts:generic', 'alerts:uptime-kuma'], 'lugha');

  const start = async (environment: Record<string, string> = {}): Promise<void> => {
    running = await startProcess(
      {
        name: 'alert-relay',
        modules: (env: object) => [AlertRelayModule.forRoot(alertRelayConfig.parse({ ...env }))],
      },
      {
        ...{ DATABASE_URL: database.url, BUS_URL: database.url, PORT: '0', LOG_LEVEL: 'silent' },
        ...{ RECERT_ADMIN_TOKEN: ADMIN, SENTRY_CLIENT_SECRET: SECRETS.join(','), ...environment },
      },
    );
  };
  const service = (): ServiceDatabase => running.app.get(ServiceDatabase, { strict: false });
  /** What the registry is to the alert relay. */
  const tellOfProductAndToken = async (): Promise<void> => {
    await service().transaction(async (tx) => {
      tx.publish(ProductRegistered, ProductRegistered.example);
      tx.publish(TokenChanged, lugha.event);
    });
    await eventually(async () => expect(await service().query('select 1 from product')).toHaveLength(1));
    await eventually(async () => expect(await service().query('select 1 from known_token')).toHaveLength(1));
  };

  const post = async (path: string, body: string, headers: Record<string, string> = {}) => {
    const type = { 'content-type': 'application/json' };
    const response = await fetch(running.url + path, { method: 'POST', body, headers: { ...type, ...headers } });
    return { status: response.status, body: (await response.json()) as { id: string; detail: string } };
  };
  const sentry = (resource: string, body: object, secret = SECRETS[0]!) => {
    const text = JSON.stringify(body);
    const signature = createHmac('sha256', secret).update(text).digest('hex');
    return post('/hooks/sentry', text, { 'sentry-hook-resource': resource, 'sentry-hook-signature': signature });
  };
  const api = async <T>(path: string, method = 'GET', body: unknown = undefined, token = ADMIN) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const text = body === undefined ? null : JSON.stringify(body);
    const response = await fetch(`${running.url}/api/alerts${path}`, { method, headers, body: text });
    return { status: response.status, body: (await response.json()) as T };
  };
  const list = async (query = '') => (await api<{ items: AlertView[]; next: string | null }>(query)).body;
  const firstAlert = (): Promise<AlertView> =>
    eventually(async () => {
      const [alert] = (await list()).items;
      expect(alert).toBeDefined();
      return alert!;
    });
  const published = async (): Promise<string[]> => {
    const rows = await service().query<{ subject: string }>('select subject from outbox order by id');
    return rows.map(({ subject }) => subject).filter((subject) => subject.startsWith('alert.'));
  };

  beforeEach(async () => {
    database = await testDatabase();
    await start();
  });
  afterEach(async () => {
    await running.stop();
    await database.drop();
  });

  it('makes one alert of all that Sentry says of an outage, and ends it', async () => {
    await tellOfProductAndToken();
    expect((await sentry('issue', issueBody('created', outageOf()))).status).toBe(202);
    const event = outageEvent({ 'Failure reason': 'timeout - Request timed out', 'Status Code': 'None' });
    await sentry('event_alert', eventAlertBody(event), SECRETS[1]);
    await eventually(async () => expect((await firstAlert()).count).toBe(2));
    expect(await list()).toMatchObject({
      items: [
        { product: 'lugha', kind: 'uptime', severity: 'critical', detail: 'The check failed: Request timed out.' },
      ],
      next: null,
    });
    await sentry('issue', issueBody('resolved', outageOf({ status: 'resolved' })));
    await eventually(async () => expect((await firstAlert()).status).toBe('resolved'));
    expect(await published()).toEqual([AlertRaised.subject, AlertRaised.subject, AlertResolved.subject]);
  });

  it('takes a repeat of the same bytes for what it is', async () => {
    const first = await sentry('issue', issueBody('created'));
    const again = await sentry('issue', issueBody('created'));
    expect([first.status, again.status, again.body.id]).toEqual([202, 200, first.body.id]);
  });

  it('refuses what is not signed, and everything without a secret', async () => {
    expect((await sentry('issue', issueBody('created'), 'another-secret-than-those')).status).toBe(401);
    expect((await post('/hooks/sentry', '{}')).status).toBe(401);
    expect((await post('/hooks/sentry', '{}', { 'sentry-hook-signature': 'ab' })).status).toBe(401);
    await running.stop();
    await start({ SENTRY_CLIENT_SECRET: '' });
    expect((await sentry('issue', issueBody('created'))).status).toBe(401);
    expect((await sentry('issue', issueBody('created'), '')).status).toBe(401);
  });

  it('takes a token in the header, as a password or in the address, for its own source only', async () => {
    await tellOfProductAndToken();
    const basic = `Basic ${Buffer.from(`anybody:${lugha.token}`).toString('base64')}`;
    const send = async (path: string, authorization?: string, title = path) => {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      return post(`/hooks/alerts/${path}`, JSON.stringify({ title }), headers);
    };
    expect((await send('generic', `Bearer ${lugha.token}`, 'a')).status).toBe(202);
    expect((await send('generic', basic, 'b')).status).toBe(202);
    expect((await send(`generic?token=${lugha.token}`, undefined, 'c')).status).toBe(202);
    const refused = await Promise.all([
      send('generic'),
      send('generic', 'Bearer nonsense'),
      send('grafana', `Bearer ${lugha.token}`),
      send('sentry', `Bearer ${lugha.token}`),
      send('nobody', `Bearer ${lugha.token}`),
      send('constructor', `Bearer ${lugha.token}`),
    ]);
    expect(new Set(refused.map(({ status, body }) => `${status} ${body.detail}`)).size).toBe(1);
    expect(refused[0].status).toBe(401);
    await eventually(async () => expect((await list()).items).toHaveLength(3));
  });

  it('believes the token about the product, and not the body', async () => {
    await tellOfProductAndToken();
    await post('/hooks/alerts/generic', JSON.stringify(GENERIC), { authorization: `Bearer ${lugha.token}` });
    expect(await firstAlert()).toMatchObject({ product: 'lugha', source: 'generic', title: 'Backup failed' });
  });

  it('understands the form that Uptime Kuma can send', async () => {
    await tellOfProductAndToken();
    const form = new FormData();
    const heartbeat = { monitorID: 7, status: 0, time: '2026-11-21 09:12:03.412', msg: 'timeout' };
    form.set('data', JSON.stringify({ heartbeat, monitor: { id: 7, name: 'Lugha' }, msg: '' }));
    const headers = { authorization: `Bearer ${lugha.token}` };
    const response = await fetch(`${running.url}/hooks/alerts/uptime-kuma`, { method: 'POST', body: form, headers });
    expect(response.status).toBe(202);
    expect(await firstAlert()).toMatchObject({
      title: 'Lugha is down',
      kind: 'uptime',
      startedAt: '2026-11-21T09:12:03.412Z',
    });
  });

  it('keeps what cannot be understood as a dead letter, with the reason', async () => {
    await tellOfProductAndToken();
    await post('/hooks/alerts/generic', '{"status":"down"}', { authorization: `Bearer ${lugha.token}` });
    await eventually(async () => {
      const letters = await service().query<{ reason: string }>('select reason from dead_letter');
      expect(letters).toMatchObject([{ reason: expect.stringContaining('title: ') as string }]);
    });
  });

  describe('over HTTP', () => {
    let alert: AlertView;

    beforeEach(async () => {
      await tellOfProductAndToken();
      await post('/hooks/alerts/generic', JSON.stringify(GENERIC), { authorization: `Bearer ${lugha.token}` });
      alert = await firstAlert();
    });

    it('acknowledges, snoozes and resolves by whoever sends, and then no more', async () => {
      const acknowledged = await api<AlertView>(`/${alert.id}/acknowledge`, 'POST');
      expect(acknowledged).toMatchObject({
        status: 200,
        body: { status: 'acknowledged', acknowledgedBy: 'admin', version: 2 },
      });
      const snoozed = await api<AlertView>(`/${alert.id}/snooze`, 'POST', { hours: 1.5 });
      const { snoozedUntil, acknowledgedAt } = snoozed.body;
      expect(Date.parse(snoozedUntil!) - Date.parse(acknowledgedAt!)).toBe(5_400_000);
      const forEver = await api<AlertView>(`/${alert.id}/snooze`, 'POST', {});
      expect(forEver.body).toMatchObject({ status: 'snoozed', snoozedUntil: null });
      const resolved = await api<AlertView>(`/${alert.id}/resolve`, 'POST');
      expect(resolved.body).toMatchObject({ status: 'resolved', resolvedBy: 'admin', version: 5 });
      expect((await api(`/${alert.id}`)).body).toEqual(resolved.body);
      expect((await api(`/${alert.id}/acknowledge`, 'POST')).status).toBe(409);
      expect(await published()).toHaveLength(5);
    });

    it('answers the same when the same is said twice', async () => {
      const first = await api(`/${alert.id}/acknowledge`, 'POST');
      expect(await api(`/${alert.id}/acknowledge`, 'POST')).toEqual(first);
    });

    it.each([0, -1, 721, 'long'])('names the field when a snooze lasts %j hours', async (hours) => {
      const refused = await api<{ detail: string }>(`/${alert.id}/snooze`, 'POST', { hours });
      expect(refused).toMatchObject({ status: 400, body: { detail: expect.stringContaining('hours') as string } });
    });

    it('knows no other alert, and nobody without a token for this', async () => {
      for (const id of ['0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10', 'nonsense']) {
        expect((await api(`/${id}`)).status).toBe(404);
        expect((await api(`/${id}/resolve`, 'POST')).status).toBe(404);
      }
      expect((await api('', 'GET', undefined, 'another-token-than-that')).status).toBe(401);
      expect((await api(`/${alert.id}/resolve`, 'POST', undefined, lugha.token)).status).toBe(403);
    });

    it('lists newest first, page by page, and by what is asked for', async () => {
      for (const title of ['second', 'third']) {
        await post('/hooks/alerts/generic', JSON.stringify({ title }), { authorization: `Bearer ${lugha.token}` });
        await eventually(async () => expect((await list()).items[0]!.title).toBe(title));
      }
      const first = await list('?limit=2');
      expect(first.items.map(({ title }) => title)).toEqual(['third', 'second']);
      const second = await list(`?limit=2&cursor=${first.next}`);
      expect(second).toMatchObject({ items: [{ title: 'Backup failed' }], next: null });
      await api(`/${alert.id}/resolve`, 'POST');
      const titles = async (query: string) => (await list(query)).items.map(({ title }) => title);
      expect(await titles('?status=open')).toEqual(['third', 'second']);
      expect(await titles('?status=resolved')).toEqual(['Backup failed']);
      expect(await titles('?severity=critical')).toEqual(['Backup failed']);
      expect(await titles('?source=grafana')).toEqual([]);
      expect(await titles('?product=lugha&status=firing')).toEqual(['third', 'second']);
      expect((await api('?cursor=nonsense')).status).toBe(400);
      expect((await api(`?cursor=${Buffer.from('[0,"never","x"]').toString('base64url')}`)).status).toBe(400);
    });

    it('lists the critical ones before the others where that is asked for, page by page', async () => {
      for (const [title, severity] of [
        ['second', 'critical'],
        ['third', 'info'],
        ['fourth', 'warning'],
      ]) {
        const body = JSON.stringify({ title, severity });
        await post('/hooks/alerts/generic', body, { authorization: `Bearer ${lugha.token}` });
        await eventually(async () => expect((await list()).items[0]!.title).toBe(title));
      }
      const titles: string[] = [];
      for (let next: string | null = ''; next !== null;) {
        const page = await list(`?first=critical&status=open&limit=1&cursor=${next}`.replace(/&cursor=$/, ''));
        titles.push(...page.items.map(({ title }) => title));
        next = page.next;
      }
      expect(titles).toEqual(['second', 'Backup failed', 'fourth', 'third']);
      expect((await api('?first=warning')).status).toBe(400);
    });

    it('does what a button says, over the bus', async () => {
      const pressed = {
        alertId: alert.id,
        action: 'acknowledge',
        until: null,
        by: 'carol',
        channel: 'telegram',
      } as const;
      await service().transaction(async (tx) => {
        tx.publish(AlertAcknowledged, { ...pressed, at: new Date().toISOString() });
      });
      await eventually(async () => expect(await firstAlert()).toMatchObject({ acknowledgedBy: 'carol' }));
    });

    it('shows how long it has lasted, and raises again after a start what became due while it was down', async () => {
      await service().query(`update alert set wake_at = now() - interval '1 hour', said_at = now() - interval '2 hours',
        started_at = started_at - interval '1 hour'`);
      expect((await firstAlert()).durationSeconds).toBeGreaterThanOrEqual(3600);
      await running.stop();
      await start();
      await eventually(async () => expect(await published()).toHaveLength(2));
      const [row] = await service().query<{ level: number }>('select level from alert');
      expect(row).toEqual({ level: 2 });
    });
  });
});
