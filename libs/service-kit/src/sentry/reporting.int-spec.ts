import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { Body, Controller, Module, Post } from '@nestjs/common';
import { done, OnEvent, ServiceDatabase, type Delivery, type Outcome } from '@recert/bus';
import { AlertRaised, type DataOf } from '@recert/contracts';
import { eventually, testDatabase, type TestDatabase } from '@recert/testing';
import { Access } from '../access/principal';
import { DatabaseModule } from '../database/database.module';
import { startProcess, type RunningProcess } from '../run-service';
import { ErrorReports } from './error-reports';

/** Put together at run time: what leaves may not name it even where a line of the source would. */
const canary = (where: string): string => ['CANARY', where].join('-');
const TOKEN = canary('admin-token-of-tests');

class Defect extends TypeError {}

@Controller('things')
class ThingsController {
  constructor(private readonly database: ServiceDatabase) {}

  @Post('bug')
  @Access('public')
  bug(): never {
    throw new Defect(`no person anna@example.org in chat 4711 with ${TOKEN}`, {
      cause: new Error(`fetch https://api.telegram.org/bot700001:AA-${canary('bot')}/getMe?x=${canary('query')}`),
    });
  }

  @Post('range')
  @Access('public')
  range(): never {
    throw new RangeError('out of range');
  }

  @Post('reference')
  @Access('public')
  reference(): never {
    throw new ReferenceError('no such thing');
  }

  @Post('away')
  @Access('public')
  away(): never {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  }

  @Post('raise')
  @Access('public')
  async raise(@Body() data: DataOf<typeof AlertRaised>): Promise<void> {
    await this.database.transaction(async (tx) => void tx.publish(AlertRaised, data));
  }
}

@Controller()
class FailWhenAlertIsRaised {
  @OnEvent(AlertRaised, { durable: 'things.fail-when-alert-is-raised' })
  async handle(alert: DataOf<typeof AlertRaised>, _: Delivery): Promise<Outcome> {
    if (alert.title.includes('defect')) throw new Defect(`cannot show ${alert.title}`);
    return done;
  }
}

const thingsDatabase = DatabaseModule.forService({ service: 'things', migrations: [] });

@Module({ imports: [thingsDatabase], controllers: [ThingsController, FailWhenAlertIsRaised] })
class ThingsModule {}

/** As much of an envelope as Sentry itself needs: a header, and items of a header and a payload. */
class FakeSentry {
  readonly bodies: string[] = [];
  private server: Server | null = null;
  answer = 200;
  port = 0;

  get events(): Record<string, unknown>[] {
    return this.bodies.map((body) => JSON.parse(body.split('\n')[2]!) as Record<string, unknown>);
  }

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const whole = Buffer.concat(parts);
        const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(whole) : whole;
        if (request.url?.startsWith('/api/42/envelope/')) this.bodies.push(body.toString());
        // A zero is a Sentry that takes what is said and never answers.
        if (this.answer > 0) response.writeHead(this.answer).end('{}');
      });
    });
    await new Promise<void>((ready) => this.server!.listen(this.port, '127.0.0.1', ready));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise<void>((stopped) => this.server?.close(() => stopped()) ?? stopped());
    this.server = null;
  }
}

describe('errors of a service', () => {
  const sentry = new FakeSentry();
  let database: TestDatabase;
  let running: RunningProcess;

  const post = (path: string, body: unknown = { name: canary('body') }): Promise<Response> =>
    fetch(`${running.url}/things/${path}?search=${canary('search')}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', cookie: `a=${canary('cookie')}`, 'x-name': canary('header') },
    });
  const counted = async (): Promise<Record<string, number>> => {
    const text = await (await fetch(`${running.url}/metrics`)).text();
    return Object.fromEntries<number>(
      [...text.matchAll(/^recert_errors_total\{report="(\w+)"\} (\d+)/gm)].map(([, report, n]) => [report!, Number(n)]),
    );
  };

  beforeAll(async () => {
    database = await testDatabase();
    await sentry.start();
    running = await startProcess(
      { name: 'things', modules: () => [ThingsModule] },
      {
        ...{ DATABASE_URL: database.url, BUS_URL: database.url, PORT: '0', LOG_LEVEL: 'silent' },
        ...{ RECERT_ADMIN_TOKEN: TOKEN, SENTRY_ENVIRONMENT: 'test' },
        SENTRY_DSN: `http://key@127.0.0.1:${sentry.port}/42`,
      },
    );
  });
  afterAll(async () => {
    await running.stop();
    await sentry.stop();
    await database.drop();
  });
  beforeEach(() => {
    sentry.answer = 200;
    sentry.bodies.length = 0;
  });

  it('reach Sentry without a word of a person and without a secret', async () => {
    expect((await post('bug')).status).toBe(500);
    await eventually(() => expect(sentry.bodies).toHaveLength(1));
    expect(sentry.bodies[0]).not.toMatch(/CANARY|anna|4711|AA-|127\.0\.0\.1|\/work|\/home/);
    const [event] = sentry.events;
    expect(event).toMatchObject({
      ...{ level: 'error', environment: 'test', release: 'recert-things@0.1.0', server_name: 'things' },
      tags: { service: 'things', correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
    });
    expect((event!['exception'] as { values: { type: string; value: string }[] }).values).toMatchObject([
      { type: 'Error', value: 'fetch https://api.telegram.org/bot[token]/getMe?[query]' },
      { type: 'TypeError', value: 'no person [e-mail] in chat [number] with [secret]' },
    ]);
    expect(Object.keys(event!)).not.toEqual(expect.arrayContaining(['request']));
    expect(Object.keys(event!)).not.toEqual(expect.arrayContaining(['user']));
  });

  it('are reported once, however often the same happens', async () => {
    const before = await counted();
    for (let n = 0; n < 5; n += 1) await post('bug', { name: `number ${n}` });
    expect(await counted()).toEqual({ ...before, withheld: 5 });
    expect(sentry.bodies).toEqual([]);
  });

  it('are none where something is only away', async () => {
    const before = await counted();
    expect((await post('away')).status).toBe(503);
    expect(await counted()).toEqual(before);
  });

  it('in the handler of an event say which, and come again as one dead letter', async () => {
    await post('raise', { ...AlertRaised.example, title: 'a defect' });
    await eventually(() => expect(sentry.events).toHaveLength(1));
    const things = running.app.get(ServiceDatabase, { strict: false });
    const [row] = await things.query<{ id: string }>(
      `select headers->>'ce-correlationid' as id from outbox where subject = 'alert.raised'`,
    );
    expect(sentry.events[0]).toMatchObject({
      tags: {
        ...{ service: 'things', durable: 'things.fail-when-alert-is-raised', subject: 'alert.raised' },
        correlationId: row!.id,
      },
      fingerprint: [expect.stringMatching(/^things \| things\.fail-when-alert-is-raised \| event: handling failed/)],
    });
    await things.query('update event_retry set failures = 9');
    await eventually(() => expect(sentry.events).toHaveLength(2), 15_000);
    expect(JSON.stringify(sentry.events[1]!['fingerprint'])).toContain('kept as a dead letter');
  }, 20_000);

  it('that nobody caught are brought there before the process ends', async () => {
    const dsn = `http://key@127.0.0.1:${sentry.port}/42`;
    const reports = new ErrorReports('things', { dsn, environment: 'test', release: 'v7', secrets: [] });
    reports.report({ error: new Error('nobody caught this'), message: 'a crash', fields: {} });
    await reports.close();
    expect(sentry.events).toMatchObject([{ release: 'v7', exception: { values: [{ value: 'nobody caught this' }] } }]);
  });

  it('harm nothing when Sentry is away or refuses', async () => {
    const before = await counted();
    sentry.answer = 403;
    expect((await post('range')).status).toBe(500);
    await eventually(async () => expect(await counted()).toEqual({ ...before, refused: 1 }));
    await sentry.stop();
    expect((await post('reference')).status).toBe(500);
    await eventually(async () => expect(await counted()).toEqual({ ...before, refused: 1, failed: 1 }));
    await sentry.start();
  });

  it('hold the end up for two seconds at most when Sentry does not answer', async () => {
    sentry.answer = 0;
    running.app.get(ErrorReports).report({ error: new EvalError('at the end'), message: 'late', fields: {} });
    await eventually(() => expect(sentry.bodies).toHaveLength(1));
    const began = performance.now();
    await running.stop();
    expect(performance.now() - began).toBeGreaterThan(1_900);
    expect(performance.now() - began).toBeLessThan(3_500);
  });
});
