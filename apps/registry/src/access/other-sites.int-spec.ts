import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';
import { type Browser, type ChangingRoute, changingRoutes, Logins } from './login-fixture';

/** What a browser says of where a request comes from, or what it does not say. */
const elsewhere: [string, Record<string, string>][] = [
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['another host of the domain', { 'sec-fetch-site': 'same-site' }],
  ['another host, which claims to be ours', { 'sec-fetch-site': 'same-site', origin: 'http://HOST' }],
  ['nowhere that is said', {}],
  ['a foreign origin', { origin: 'https://evil.example' }],
  ['a foreign port', { origin: 'http://127.0.0.1:1' }],
  ['a host whose name begins like ours', { origin: 'http://HOST.evil.example' }],
  ['a page without an origin', { origin: 'null' }],
  ['something that is no origin', { origin: 'HOST' }],
  ['an empty origin', { origin: '' }],
];
const ourselves: [string, Record<string, string>][] = [
  ['our own pages', { 'sec-fetch-site': 'same-origin' }],
  ['the address line', { 'sec-fetch-site': 'none' }],
  ['our own pages, in an old browser', { origin: 'http://HOST' }],
];

describe('a change by cookie', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;
  let admin: Browser;
  let routes: readonly ChangingRoute[];
  const clock = new MovableClock('2026-11-20T09:00:00.000Z');
  const logins = new Logins(() => registry, clock);

  beforeAll(async () => {
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery, {}, clock);
    admin = await logins.adminBrowser();
    routes = await changingRoutes(registry);
  });
  afterAll(async () => {
    await registry.stop();
    await database.drop();
  });

  const here = (headers: Record<string, string>): Record<string, string> => {
    const { host } = new URL(registry.process.url);
    return Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, text.replace('HOST', host)]));
  };
  const rename = async (headers: Record<string, string>) =>
    (await admin.ask('PATCH', '/api/people/ada', { name: 'Ada' }, here(headers))).status;

  it.each(elsewhere)('from %s is refused on every route', async (_, headers) => {
    expect(routes.length).toBeGreaterThan(10);
    for (const { method, path } of routes) {
      const { status, body } = await admin.ask(method, path, {}, here(headers));
      expect([method, path, status]).toEqual([method, path, 403]);
      expect(body.detail).toContain('another site');
    }
    expect(await admin.me()).toMatchObject({ role: 'admin' });
  });

  it.each(elsewhere)('from %s changes nothing', async (_, headers) => {
    expect(await rename(headers)).toBe(403);
    const { body } = await admin.ask<{ name: string }>('GET', '/api/people/ada');
    expect(body.name).toBe('ada');
  });

  it.each(ourselves)('from %s is made', async (_, headers) => {
    expect(await rename(headers)).toBe(200);
  });

  it('is not asked where it comes from when it brings a token', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    const reply = await registry.request('PATCH', '/api/people/ada', { body: { name: 'Ada' }, headers });
    expect(reply.status).toBe(200);
  });

  it.each(elsewhere)('from %s is refused, but looking is not', async (_, headers) => {
    expect((await admin.ask('GET', '/api/session', undefined, here(headers))).status).toBe(200);
  });
});
