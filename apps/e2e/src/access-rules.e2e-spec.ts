import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { spawnService, startFakeTelegram, testDatabase, type TestDatabase } from '@recert/testing';
import { Client } from 'pg';

/** One operation of the description. */
interface Operation {
  readonly method: string;
  readonly path: string;
  readonly rule: string | undefined;
  readonly hasBody: boolean;
}

type Headers = Readonly<Record<string, string>>;
type Outcome = 401 | 403 | 'let in';

const ROOT = resolve(__dirname, '../../..');
const ADMIN_TOKEN = 'the-admin-token-of-the-rules';
const OWNER = 'ada';
const WRONG_TOKEN = 'a-token-that-nobody-was-given';
/** Browsers say so of what a page of ours sends. */
const FROM_OUR_PAGE = { 'sec-fetch-site': 'same-origin' };

/** Who comes, and which roles and scopes that is. */
const CREDENTIALS = ['nobody', 'a wrong token', 'a viewer', 'an importer', 'an owner', 'an admin'] as const;
type Credential = (typeof CREDENTIALS)[number];
const ROLES: Readonly<Record<Credential, readonly string[]>> = {
  nobody: [],
  'a wrong token': [],
  'a viewer': ['viewer'],
  'an importer': ['scope:library:import'],
  'an owner': ['viewer', 'owner'],
  'an admin': ['viewer', 'owner', 'admin', 'scope:library:import'],
};

/** Of the API: its description, the page of a process where that is switched on, and the door of the login. */
const OPEN_TO_EVERYBODY = [
  'GET /api/docs',
  'GET /api/docs/{file}',
  'GET /api/openapi.json',
  'GET /api/public/{id}',
  'POST /api/public/{id}/outdated',
  'POST /api/session',
];
/** The end of one's own logins. */
const OF_VIEWERS = ['DELETE /api/session', 'DELETE /api/sessions/{id}'];

/** What the rule of an operation says of somebody. A proof of its own is not what any of them has. */
function expected(rule: string, who: Credential): Outcome {
  if (rule === 'public') return 'let in';
  if (/^(token|header):/.test(rule)) return 401;
  if (ROLES[who].length === 0) return 401;
  return ROLES[who].includes(rule) ? 'let in' : 403;
}

/** An installation in one process, whose database the test may look into. */
class Standalone {
  private readonly undo: (() => unknown)[] = [];
  private url = '';
  private database: TestDatabase | undefined;

  async start(): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'recert-access-'));
    this.undo.push(() => rmSync(folder, { recursive: true, force: true }));
    const telegram = await startFakeTelegram();
    this.undo.push(() => telegram.stop());
    const database = (this.database = await testDatabase());
    this.undo.push(() => database.drop());
    const service = await spawnService({
      command: process.execPath,
      args: [join(ROOT, 'apps/standalone/dist/main.js')],
      readyLine: /Console/,
      env: {
        ...{ PORT: '0', RECERT_DATA: folder, DATABASE_URL: database.url, RECERT_ADMIN_TOKEN: ADMIN_TOKEN },
        ...{ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url, LIBRARY_REFRESH: 'off' },
        // Without it the webhook of Telegram is not there for anybody.
        TELEGRAM_WEBHOOK_URL: 'https://recert.example.org',
      },
    });
    this.undo.push(() => service.stop());
    this.url = /http:\S+/.exec(await service.waitForLine(/Console/))![0];
  }

  async stop(): Promise<void> {
    for (const step of this.undo.splice(0).reverse()) await step();
  }

  async operations(): Promise<Operation[]> {
    const response = await fetch(`${this.url}/api/openapi.json`);
    const { paths } = (await response.json()) as { paths: Record<string, Record<string, Record<string, unknown>>> };
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        rule: operation['x-access'] as string | undefined,
        hasBody: operation['requestBody'] !== undefined,
      })),
    );
  }

  /** @returns the status; what comes after the headers may never end. */
  async send(method: string, path: string, headers: Headers, body?: unknown): Promise<number> {
    const stop = new AbortController();
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: stop.signal,
    });
    stop.abort();
    return response.status;
  }

  async tokenWith(...scopes: string[]): Promise<Headers> {
    const response = await fetch(`${this.url}/api/tokens`, {
      method: 'POST',
      headers: { ...bearer(ADMIN_TOKEN), 'content-type': 'application/json' },
      body: JSON.stringify({ name: scopes.join(' '), scopes }),
    });
    return bearer(((await response.json()) as { token: string }).token);
  }

  async addOwner(): Promise<void> {
    await this.send('POST', '/api/people', bearer(ADMIN_TOKEN), { handle: OWNER, name: 'Ada', roles: ['owner'] });
  }

  /** A browser of the owner, which logged in by the code of a link. */
  async logInOwner(): Promise<Headers> {
    const code = randomBytes(24).toString('base64url');
    const client = new Client({ connectionString: this.database!.url });
    await client.connect();
    await client.query(
      `insert into registry.login_code (hash, handle, expires_at) values ($1, $2, now() + interval '5 minutes')`,
      [createHash('sha256').update(code).digest(), OWNER],
    );
    await client.end();
    const response = await fetch(`${this.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    const [cookie] = response.headers.getSetCookie()[0]!.split(';');
    return { cookie: cookie!, ...FROM_OUR_PAGE };
  }
}

function bearer(token: string): Headers {
  return { authorization: `Bearer ${token}` };
}

describe('the access rules of all routes', () => {
  const standalone = new Standalone();
  let operations: Operation[];
  let viewer: Headers;
  let importer: Headers;

  beforeAll(async () => {
    await standalone.start();
    operations = await standalone.operations();
    viewer = await standalone.tokenWith('read');
    importer = await standalone.tokenWith('library:import');
    await standalone.addOwner();
  });

  afterAll(() => standalone.stop());

  /** For each request anew: one of them may be to log out. */
  async function headersOf(who: Credential): Promise<Headers> {
    const known: Readonly<Partial<Record<Credential, Headers>>> = {
      nobody: {},
      'a wrong token': bearer(WRONG_TOKEN),
      'a viewer': viewer,
      'an importer': importer,
      'an admin': bearer(ADMIN_TOKEN),
    };
    return known[who] ?? standalone.logInOwner();
  }

  it('are stated for every route', () => {
    expect(operations.length).toBeGreaterThan(50);
    expect(operations.filter(({ rule }) => rule === undefined)).toEqual([]);
  });

  it('are of the kinds that this test knows', () => {
    const known = /^(public|viewer|owner|admin|scope:library:import|token:.+|header:.+)$/;
    expect(operations.filter(({ rule }) => !known.test(rule ?? ''))).toEqual([]);
  });

  it('open nothing of the API to everybody that is not in this list', () => {
    const open = operations.filter(({ path, rule }) => path.startsWith('/api/') && rule === 'public');
    expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual(OPEN_TO_EVERYBODY);
  });

  it('let viewers change nothing but what is in this list', () => {
    const open = operations.filter(({ method, rule }) => method !== 'GET' && rule === 'viewer');
    expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual(OF_VIEWERS);
  });

  it.each(CREDENTIALS)('hold for %s', async (who) => {
    const wrong: string[] = [];
    for (const { method, path, rule, hasBody } of operations) {
      // Nothing has this name, so that nothing comes of a request that is let in.
      const address = path.replaceAll(/\{\w+\}/g, 'nothing-of-this-name');
      const status = await standalone.send(method, address, await headersOf(who), hasBody ? {} : undefined);
      const outcome = status === 401 || status === 403 ? status : 'let in';
      if (outcome !== expected(rule!, who) || status >= 500) wrong.push(`${method} ${path} (${rule}): ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('refuse an owner who comes from another site and would change something', async () => {
    const browser = await standalone.logInOwner();
    const path = '/api/processes/nothing-of-this-name/response';
    expect(await standalone.send('POST', path, browser, { answer: 'correct' })).toBe(404);
    const elsewhere = { ...browser, 'sec-fetch-site': 'cross-site' };
    expect(await standalone.send('POST', path, elsewhere, { answer: 'correct' })).toBe(403);
  });
});
