import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { after, MINUTE, signOf, START } from '../../alerts/alert-examples';
import { AlertRelayReplica } from '../../alerts/alert-relay-replica';
import { alertRelayConfig } from '../../config';
import { type Fields } from '../fields';
import { PollIssues } from './poll-issues';
import { PollRepository } from './poll.repository';
import { SentryApi } from './sentry-api';
import { issueOf, outageOf } from './sentry-examples';

const TOKEN = 'a-token-for-the-tests';
const EVERY = 2 * MINUTE;
const seenAt = (ms: number): string => after(ms).toISOString();

/** A Sentry that knows its issues, and pages of two. */
class StandIn {
  issues: Fields[] = [];
  readonly asked: URL[] = [];
  readonly tokens: (string | undefined)[] = [];
  /** What it answers instead. */
  trouble: { status: number; headers: Record<string, string> } | null = null;
  /** Resolves when it may answer. */
  gate: Promise<void> = Promise.resolve();
  private readonly server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://stand.in');
    this.asked.push(url);
    this.tokens.push(request.headers.authorization);
    void this.gate.then(() => {
      if (this.trouble !== null) return response.writeHead(this.trouble.status, this.trouble.headers).end('{}');
      const { page, next } = this.answer(url.searchParams);
      const cursor = `cursor="0:${next ?? 0}:0"`;
      const link = `<http://stand.in/>; rel="previous"; results="false"; cursor="0:0:1", <http://stand.in/>; rel="next"; results="${next !== null}"; ${cursor}`;
      response.writeHead(200, { 'content-type': 'application/json', link }).end(JSON.stringify(page));
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(asked: URLSearchParams): { page: Fields[]; next: number | null } {
    const ids = asked.getAll('group');
    if (ids.length > 0) return { page: this.issues.filter(({ id }) => ids.includes(String(id))), next: null };
    const from = Number(asked.get('cursor')?.split(':')[1] ?? 0);
    const unresolved = this.issues
      .filter(({ status }) => status === 'unresolved')
      .sort((a, b) => (String(a['lastSeen']) < String(b['lastSeen']) ? 1 : -1));
    return { page: unresolved.slice(from, from + 2), next: from + 2 < unresolved.length ? from + 2 : null };
  }
}

describe('asking Sentry', () => {
  let database: TestDatabase;
  let clock: MovableClock;
  let relay: AlertRelayReplica;
  let sentry: StandIn;
  let polls: PollIssues;
  let newPolls: (api?: typeof SentryApi) => PollIssues;

  beforeEach(async () => {
    database = await testDatabase();
    clock = new MovableClock(START);
    relay = await AlertRelayReplica.start(database.url, clock);
    sentry = new StandIn();
    const SENTRY_API_ROOT = await sentry.start();
    const config = alertRelayConfig.parse({ SENTRY_API_ROOT, SENTRY_AUTH_TOKEN: TOKEN, SENTRY_ORG: 'acme' });
    newPolls = (api = SentryApi) =>
      new PollIssues(relay.database, new PollRepository(relay.database), new api(config), relay.alerts, relay.signs);
    polls = newPolls();
  });
  afterEach(async () => {
    await sentry.stop();
    await relay.stop();
    await database.drop();
  });

  const poll = (ms: number): Promise<number | null> => {
    clock.set(after(ms));
    return polls.run(clock.now(), EVERY);
  };
  const saidSoFar = async () => (await relay.said()).map(({ said, title }) => `${title.split(' ')[0]} ${said}`);

  it('ends an outage that recovered by itself, within the pause of polling', async () => {
    await relay.hear(signOf({ key: '4300' }));
    sentry.issues = [outageOf({ lastSeen: seenAt(0) })];
    expect(await poll(MINUTE)).toBe(0);
    sentry.issues = [outageOf({ status: 'resolved' })];
    expect(await poll(3 * MINUTE)).toBe(1);
    expect((await relay.said()).at(-1)).toMatchObject({ said: 'resolved', durationMs: 3 * MINUTE, resolvedBy: null });
    expect(await poll(5 * MINUTE)).toBe(0);
    expect(await saidSoFar()).toEqual(['Downtime 1', 'Downtime resolved']);
  });

  it('begins an outage whose webhook was lost, once, and the next one as another alert', async () => {
    sentry.issues = [outageOf({ lastSeen: seenAt(-9 * MINUTE) })];
    await poll(0);
    await poll(EVERY);
    expect(await saidSoFar()).toEqual(['Downtime 1']);
    expect((await relay.all())[0]).toMatchObject({ startedAt: after(-9 * MINUTE), count: 1 });
    sentry.issues = [outageOf({ status: 'resolved' })];
    await poll(2 * EVERY);
    sentry.issues = [outageOf({ lastSeen: seenAt(2 * EVERY + 1) })];
    await poll(3 * EVERY);
    expect(await saidSoFar()).toEqual(['Downtime 1', 'Downtime resolved', 'Downtime 1']);
    expect(await relay.all()).toHaveLength(2);
  });

  it('takes errors from its first poll on, over several pages, and stops at what it has seen', async () => {
    const errors = (lastSeen: number) =>
      Array.from({ length: 5 }, (_, i) => issueOf({ id: `500${i}`, lastSeen: seenAt(lastSeen - i) }));
    sentry.issues = errors(-MINUTE);
    expect(await poll(0)).toBe(0);
    expect(sentry.asked.map((url) => url.searchParams.get('cursor'))).toEqual([null, '0:2:0', '0:4:0']);
    sentry.issues = [...errors(-9 * MINUTE).slice(3), ...errors(MINUTE).slice(0, 3)];
    sentry.asked.length = 0;
    expect(await poll(EVERY)).toBe(3);
    expect(sentry.asked).toHaveLength(2);
  });

  it('asks for the organisation, with the token, for all projects and the issues that are open here', async () => {
    await relay.hear([signOf({ key: '4300' }), signOf({ key: 'metric 7', kind: 'metric' })]);
    await poll(0);
    const [ours, all] = sentry.asked;
    expect(ours!.pathname).toBe('/api/0/organizations/acme/issues/');
    expect(ours!.searchParams.getAll('group')).toEqual(['4300']);
    expect(all!.searchParams.get('query')).toBe('is:unresolved');
    expect(sentry.asked.map((url) => url.searchParams.get('project'))).toEqual(['-1', '-1']);
    expect(new Set(sentry.tokens)).toEqual(new Set([`Bearer ${TOKEN}`]));
  });

  it('asks again only when it is time', async () => {
    expect(await poll(0)).toBe(0);
    expect(await poll(EVERY - 1)).toBeNull();
    expect(await poll(EVERY)).toBe(0);
    expect(sentry.asked).toHaveLength(2);
  });

  it('lets one replica at a time ask', async () => {
    let open = (): void => undefined;
    sentry.gate = new Promise((resolve) => (open = resolve));
    const first = poll(0);
    await eventually(() => expect(sentry.asked).toHaveLength(1));
    expect(await newPolls().run(clock.now(), EVERY)).toBeNull();
    open();
    expect(await first).toBe(0);
    expect(sentry.asked).toHaveLength(1);
  });

  it.each([
    ['in seconds', '300', 300_000],
    ['less than the pause', '1', EVERY],
    ['not at all', '', EVERY],
  ])('waits as long as it is told, %s', async (_how, wait, ms) => {
    sentry.trouble = { status: 429, headers: { 'retry-after': wait } };
    await expect(poll(0)).rejects.toThrow('Sentry asks to wait');
    sentry.trouble = null;
    expect(await poll(ms - 1)).toBeNull();
    expect(await poll(ms)).toBe(0);
  });

  it('asks about the same time again after trouble, so that nothing is missed', async () => {
    await poll(0);
    sentry.issues = [outageOf({ lastSeen: seenAt(MINUTE) })];
    sentry.trouble = { status: 502, headers: {} };
    await expect(poll(EVERY)).rejects.toThrow('Sentry answered 502');
    sentry.trouble = null;
    expect(await poll(10 * EVERY)).toBe(1);
    expect(await saidSoFar()).toEqual(['Downtime 1']);
  });

  it('does not wait for ever', async () => {
    class HastyApi extends SentryApi {
      protected override readonly timeoutMs = 50;
    }
    sentry.gate = new Promise(() => undefined);
    await expect(newPolls(HastyApi).run(START, EVERY)).rejects.toThrow('Sentry cannot be asked');
    sentry.gate = Promise.resolve();
    expect(await poll(EVERY)).toBe(0);
  });

  it('says so when nobody is there', async () => {
    await sentry.stop();
    await expect(poll(0)).rejects.toThrow('Sentry cannot be asked');
    sentry = new StandIn();
    await sentry.start();
  });
});
