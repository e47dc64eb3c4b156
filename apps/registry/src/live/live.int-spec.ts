import { get as request, type ClientRequest, type IncomingMessage } from 'node:http';
import { eventually, testDatabase, type TestDatabase } from '@recert/testing';
import { importProgress, type ImportProgress, type Problem } from '@recert/contracts';
import { AdminLinks } from '../access/sessions';
import { bakery, fireOven, mixDough } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';
import { LiveStream } from './live-stream';
import { LiveStreams } from './live-streams';

interface Told {
  readonly subject: string;
  readonly id: string;
  readonly at: string;
}

/** A page that listens. */
class Listener {
  text = '';
  isOver = false;
  private constructor(
    private readonly sent: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    response.setEncoding('utf8');
    response.on('close', () => (this.isOver = true));
    response.on('error', () => undefined);
  }

  static async open(url: string, token: string | null, headers: Record<string, string> = {}): Promise<Listener> {
    return new Promise((resolve, reject) => {
      const sent = request(`${url}/api/live`, {
        headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        sent.on('error', () => undefined);
        resolve(new Listener(sent, response));
      });
    });
  }

  read(): this {
    this.response.on('data', (text: string) => (this.text += text));
    return this;
  }

  get told(): Told[] {
    return [...this.text.matchAll(/^data: (\{"subject.*)$/gm)].map(([, json]) => JSON.parse(json!) as Told);
  }

  close(): void {
    this.sent.destroy();
  }
}

describe('changes, live', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;
  let streams: LiveStreams;
  let token: string;
  let listeners: Listener[] = [];

  beforeAll(async () => {
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery);
    streams = registry.process.app.get(LiveStreams, { strict: false });
    token = await newToken('read');
  });
  afterEach(async () => {
    for (const listener of listeners) listener.close();
    listeners = [];
    await eventually(() => expect(streams.count).toBe(0));
  });
  afterAll(async () => {
    await registry.stop();
    await database.drop();
  });

  const newToken = async (...scopes: string[]): Promise<string> =>
    (await registry.ask<{ token: string }>('POST', '/api/tokens', { name: 'page', scopes })).token;
  const listen = async (headers?: Record<string, string>, by: string | null = token): Promise<Listener> => {
    const listener = await Listener.open(registry.process.url, by, headers);
    listeners.push(listener);
    return listener;
  };

  it('reach every page within 500 ms, and say no more than what has changed', async () => {
    const pages = [(await listen()).read(), (await listen()).read()];
    const { headers, statusCode } = pages[0]!.response;
    expect([statusCode, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      'no-store',
    ]);
    // What the start has imported may still be on its way.
    const before = new Date().toISOString();
    await registry.ask('PATCH', `/api/processes/${mixDough}`, { triggerPeriod: 'monthly' });
    const changed = performance.now();
    const ofDough = (told: readonly Told[]): Told[] => told.filter(({ id, at }) => id === mixDough && at >= before);
    await eventually(
      () => {
        for (const { told } of pages) expect(ofDough(told)).toHaveLength(1);
      },
      2_000,
      5,
    );
    expect(performance.now() - changed).toBeLessThan(500);
    for (const { told, text } of pages) {
      expect(text).toMatch(/^retry: 2000\nid: 0\n\nid: \d+\ndata: /);
      expect(ofDough(told)).toEqual([
        { subject: 'process.registered', id: mixDough, at: expect.any(String) as string },
      ]);
    }
  });

  it('come once when they come in a row', async () => {
    const page = (await listen()).read();
    const before = await registry.get(fireOven);
    for (const triggerPeriod of ['monthly', 'yearly', 'monthly', 'yearly', 'monthly'])
      await registry.ask('PATCH', `/api/processes/${fireOven}`, { triggerPeriod });
    const { version } = await registry.get(fireOven);
    await registry.ask('PATCH', `/api/processes/${mixDough}`, { triggerPeriod: 'quarterly' });
    await eventually(() => expect(page.told.map(({ id }) => id)).toContain(mixDough));
    const ofOven = page.told.filter(({ id }) => id === fireOven).length;
    expect(version).toBe(before.version + 5);
    expect(ofOven).toBeGreaterThanOrEqual(1);
    expect(ofOven).toBeLessThan(5);
  });

  it('are not sent to anybody whose token opens nothing', async () => {
    const { status, body } = await registry.request<Problem>('GET', '/api/live', { token: null });
    expect([status, body.status]).toEqual([401, 401]);
    expect((await registry.request('GET', '/api/live', { token: await newToken('library:import') })).status).toBe(403);
    expect(streams.count).toBe(0);
  });

  it('begin with the word to fetch everything when a page comes back', async () => {
    const page = (await listen({ 'last-event-id': '17' })).read();
    await eventually(() => expect(page.text).toBe('retry: 2000\nid: 0\n\nevent: resync\ndata: {}\n\n'));
  });

  it('say nothing of tokens', async () => {
    const page = (await listen()).read();
    await newToken('read');
    await registry.ask('PATCH', `/api/processes/${fireOven}`, { triggerPeriod: 'quarterly' });
    await eventually(() => expect(page.told.map(({ id }) => id)).toContain(fireOven));
    expect(page.text).not.toContain('token');
  });

  it('end when the token is revoked', async () => {
    const { id, token: short } = await registry.ask<{ id: string; token: string }>('POST', '/api/tokens', {
      name: 'short',
      scopes: ['read'],
    });
    const [page, other] = [(await listen({}, short)).read(), (await listen()).read()];
    await streams.check();
    expect(page.isOver).toBe(false);
    await registry.ask('DELETE', `/api/tokens/${id}`);
    await streams.check();
    await eventually(() => expect(page.isOver).toBe(true));
    expect([other.isOver, streams.count]).toEqual([false, 1]);
  });

  it('end when the browser was logged out', async () => {
    const code = (await registry.process.app.get(AdminLinks, { strict: false }).create()).replace('/login#', '');
    const login = await registry.request('POST', '/api/session', { token: null, body: { code } });
    const cookie = login.headers.get('set-cookie')!.split(';')[0]!;
    const page = (await listen({ cookie }, null)).read();
    await streams.check();
    expect(page.isOver).toBe(false);
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    expect((await registry.request('DELETE', '/api/session', { token: null, headers })).status).toBe(204);
    await streams.check();
    await eventually(() => expect(page.isOver).toBe(true));
  });

  it('are not kept for a page that does not read', async () => {
    const slow = await listen();
    const reading = (await listen()).read();
    // The kernel keeps some megabytes itself, so that this takes more than there are changes in a day.
    const spy = jest.spyOn(LiveStream.prototype, 'beat').mockImplementation(function (this: LiveStream) {
      this.send(`: ${'x'.repeat(20_000)}\n\n`);
    });
    await eventually(
      () => {
        streams.beat();
        expect(streams.count).toBe(1);
      },
      15_000,
      1,
    );
    spy.mockRestore();
    slow.read();
    await eventually(() => expect(slow.isOver).toBe(true));
    expect(reading.isOver).toBe(false);
  }, 20_000);

  it('end at once when the process is stopped', async () => {
    const own = await testDatabase();
    const stopping = await RunningRegistry.start(own.url, bakery);
    const { token: there } = await stopping.ask<{ token: string }>('POST', '/api/tokens', {
      name: 'page',
      scopes: ['read'],
    });
    const page = (await Listener.open(stopping.process.url, there)).read();
    await eventually(() => expect(page.text).toContain('retry'));
    let isEnded = false;
    page.response.on('end', () => (isEnded = true));
    const began = performance.now();
    await stopping.stop();
    expect(performance.now() - began).toBeLessThan(2_000);
    await eventually(() => expect(isEnded).toBe(true));
    await own.drop();
  }, 30_000);

  it('say how far an import is to whoever watches it, step by step', async () => {
    const page = (await listen()).read();
    const library = Array.from(
      { length: 1200 },
      (_, n) => `## bake loaf ${n}\nowner: ada\ntrigger period: monthly\n\nKnead.\n`,
    );
    await registry.ask('POST', '/api/library/import', { text: library.join('\n'), watch: 'mine' });
    const said = (): ImportProgress[] =>
      [...page.text.matchAll(/^event: import\ndata: (.*)$/gm)].map(([, json]) =>
        importProgress.parse(JSON.parse(json!)),
      );
    await eventually(() => expect(said().at(-1)).toEqual({ watch: 'mine', step: 'writing', done: 1200, of: 1200 }));
    const steps = [...new Set(said().map(({ step }) => step))];
    expect(steps).toEqual(['comparing', 'waiting', 'writing']);
    const written = said().filter(({ step }) => step === 'writing');
    expect(written.length).toBeGreaterThan(2);
    expect(written.map(({ done }) => done)).toEqual(written.map(({ done }) => done).toSorted((a, b) => a - b));
  });
});
