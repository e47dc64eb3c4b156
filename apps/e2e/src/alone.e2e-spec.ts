import { createHash, randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import {
  eventually,
  type SpawnedService,
  spawnService,
  startNatsServer,
  testDatabase,
  type TestDatabase,
} from '@recert/testing';
import { Client } from 'pg';
import { freePort } from './story/installation';

const ROOT = resolve(__dirname, '../../..');
const ADMIN = 'the-admin-token-of-the-registry';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** What a browser says of a request that one of our own pages makes. */
const ours = { 'sec-fetch-site': 'same-origin' };

/** The headers by which somebody comes in. */
type Credential = Record<string, string>;

/** One service as a process of its own. */
class Alone {
  private running: SpawnedService | undefined;

  constructor(
    private readonly app: string,
    private readonly port: number,
    private readonly env: Record<string, string>,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.running = await spawnService({
      command: process.execPath,
      args: [join(ROOT, 'apps', this.app, 'dist/main.js')],
      env: { ...this.env, PORT: String(this.port) },
      readyUrl: `${this.url}/health/ready`,
    });
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
  }

  async request(method: string, path: string, headers: Credential, body?: unknown): Promise<Response> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    return fetch(this.url + path, { method, headers: { ...type, ...headers }, ...sent });
  }
}

describe.each(['postgres', 'jetstream'])('registry and alert relay, each alone, on %s', (transport) => {
  let database: TestDatabase;
  let registry: Alone;
  let relay: Alone;
  const undo: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    database = await testDatabase();
    undo.push(() => database.drop());
    let bus = database.url;
    if (transport === 'jetstream') {
      const nats = await startNatsServer();
      undo.push(() => nats.stop());
      bus = nats.url;
    }
    const env = { DATABASE_URL: database.url, BUS_URL: bus, LOG_LEVEL: 'warn' };
    const library = { LIBRARY: join(ROOT, 'docs/processes.md'), LIBRARY_REFRESH: 'off' };
    registry = new Alone('registry', await freePort(), { ...env, ...library, RECERT_ADMIN_TOKEN: ADMIN });
    // Without a token of its own: whom it lets in, it knows of the registry only.
    relay = new Alone('alert-relay', await freePort(), env);
    for (const service of [registry, relay]) {
      await service.start();
      undo.push(() => service.stop());
    }
  }, 2 * MINUTE);

  afterAll(async () => {
    for (const step of undo.reverse()) await step();
  });

  const alerts = async (headers: Credential): Promise<number> =>
    (await relay.request('GET', '/api/alerts', headers)).status;
  const eventuallyAlerts = (headers: Credential, status: number): Promise<void> =>
    eventually(async () => expect(await alerts(headers)).toBe(status), MINUTE, 50);

  async function newToken(...scopes: string[]): Promise<{ id: string; bearer: Credential; revoke(): Promise<number> }> {
    const admin = { authorization: `Bearer ${ADMIN}` };
    const made = await registry.request('POST', '/api/tokens', admin, { name: scopes.join(' '), scopes });
    const { id, token } = (await made.json()) as { id: string; token: string };
    const revoke = async (): Promise<number> => (await registry.request('DELETE', `/api/tokens/${id}`, admin)).status;
    return { id, bearer: { authorization: `Bearer ${token}` }, revoke };
  }

  /** By a link as whoever starts the registry is given it. */
  async function logIn(): Promise<{ cookie: Credential; logOut(): Promise<number> }> {
    const code = randomBytes(24).toString('base64url');
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query('insert into registry.login_code (hash, expires_at) values ($1, $2)', [
      createHash('sha256').update(code).digest(),
      new Date(Date.now() + DAY),
    ]);
    await client.end();
    const entered = await registry.request('POST', '/api/session', ours, { code });
    const cookie = { cookie: entered.headers.get('set-cookie')!.split(';')[0]! };
    const logOut = async (): Promise<number> =>
      (await registry.request('DELETE', '/api/session', { ...cookie, ...ours })).status;
    return { cookie, logOut };
  }

  it('opens to a token that was made at the registry, and not any more when it was revoked', async () => {
    const { bearer, revoke } = await newToken('read');
    await eventuallyAlerts(bearer, 200);
    const sender = await newToken('alerts:generic');
    await eventuallyAlerts(sender.bearer, 403);
    expect(await revoke()).toBe(204);
    await eventuallyAlerts(bearer, 401);
  });

  it('tells the registry when a token was used at a hook', async () => {
    const { id, bearer } = await newToken('alerts:generic');
    const admin = { authorization: `Bearer ${ADMIN}` };
    const lastUse = async (): Promise<string | null> => {
      const listed = await registry.request('GET', '/api/tokens', admin);
      const { items } = (await listed.json()) as { items: { id: string; lastUsedAt: string | null }[] };
      return items.find((token) => token.id === id)!.lastUsedAt;
    };
    expect(await lastUse()).toBeNull();
    const alert = { status: 'firing', product: 'lugha', fingerprint: 'disk', title: 'Disk is full' };
    const began = new Date().toISOString();
    expect((await relay.request('POST', '/hooks/alerts/generic', bearer, alert)).status).toBe(202);
    await relay.stop();
    await relay.start();
    await eventually(async () => expect((await lastUse()) ?? '').toMatch(/^2/), MINUTE, 50);
    expect((await lastUse())! >= began).toBe(true);
  });

  it('opens at once to a cookie of a login at the registry, and not any more after the logout', async () => {
    const { cookie, logOut } = await logIn();
    expect(await alerts(cookie)).toBe(200);
    expect(await logOut()).toBe(204);
    await eventuallyAlerts(cookie, 401);
  });

  it('lets nobody else in, the admin token of the registry neither', async () => {
    for (const headers of [
      {},
      { authorization: `Bearer ${ADMIN}` },
      { cookie: 'recert_session=nobody' },
    ] as Credential[])
      expect(await alerts(headers)).toBe(401);
  });

  it(
    'goes on with what was known while the registry is down, also from a new start',
    async () => {
      const [token, revoked, login, left] = [
        await newToken('read'),
        await newToken('read'),
        await logIn(),
        await logIn(),
      ];
      for (const headers of [token.bearer, revoked.bearer, login.cookie, left.cookie])
        await eventuallyAlerts(headers, 200);
      expect([await revoked.revoke(), await left.logOut()]).toEqual([204, 204]);
      for (const headers of [revoked.bearer, left.cookie]) await eventuallyAlerts(headers, 401);

      await registry.stop();
      const asked = async (): Promise<number[]> =>
        Promise.all([token.bearer, login.cookie, revoked.bearer, left.cookie].map(alerts));
      expect(await asked()).toEqual([200, 200, 401, 401]);
      await relay.stop();
      await relay.start();
      expect(await asked()).toEqual([200, 200, 401, 401]);

      await registry.start();
      expect([await token.revoke(), await login.logOut()]).toEqual([204, 204]);
      for (const headers of [token.bearer, login.cookie]) await eventuallyAlerts(headers, 401);
    },
    3 * MINUTE,
  );
});
