import { Body, Controller, Get, Module, Post, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ServiceDatabase } from '@recert/bus';
import { testDatabase, type TestDatabase } from '@recert/testing';
import { type FastifyInstance } from 'fastify';
import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { z } from 'zod';
import { Access, Sender, type Principal } from './access/principal';
import { DatabaseModule } from './database/database.module';
import { OperationalError, UserError } from './errors';
import { parsed } from './http/zod.pipe';
import { startProcess, type RunningProcess } from './run-service';

const ADMIN = 'an-admin-token-of-tests';

class CreateNote implements MigrationInterface {
  readonly name = 'CreateNote1763800000001';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table note (text text)');
  }
  async down(): Promise<void> {}
}

@Controller('notes')
class NotesController {
  constructor(private readonly database: ServiceDatabase) {}

  @Get('open')
  @Access('public')
  open(): string {
    return 'open';
  }

  @Get('slow')
  @Access('public')
  async slow(): Promise<string> {
    await this.database.query('select pg_sleep(0.3)');
    return 'slow';
  }

  @Get('forgotten')
  forgotten(): string {
    return 'nobody said who may see this';
  }

  @Get('mine')
  @Access('admin')
  mine(@Sender() sender: Principal): { name: string } {
    return { name: sender.name };
  }

  @Post()
  @Access('admin')
  async add(@Body(parsed(z.strictObject({ text: z.string().min(3) }))) body: { text: string }): Promise<{ n: number }> {
    if (body.text === 'taken') throw UserError.conflict('This note is there already.');
    if (body.text === 'away') throw new OperationalError('the printer is away');
    if (body.text === 'bug') throw new Error('secret inner detail');
    await this.database.query('insert into note values ($1)', [body.text]);
    return { n: (await this.database.query('select 1 from note')).length };
  }
}

const notesDatabase = DatabaseModule.forService({ service: 'notes', migrations: [CreateNote] });

@Module({ imports: [notesDatabase], controllers: [NotesController] })
class NotesModule implements OnModuleInit {
  constructor(private readonly http: HttpAdapterHost) {}

  static forRoot(): DynamicModule {
    return { module: NotesModule };
  }

  /** As whoever serves files does: waiting for a plugin finishes the routes there are. */
  async onModuleInit(): Promise<void> {
    await this.http.httpAdapter.getInstance<FastifyInstance>().register(async () => undefined);
  }
}

async function start(database: TestDatabase, more: Record<string, string> = {}): Promise<RunningProcess> {
  return startProcess(
    { name: 'notes', modules: () => [NotesModule.forRoot()], largeBodies: { '/large': 1 } },
    {
      DATABASE_URL: database.url,
      BUS_URL: database.url,
      PORT: '0',
      LOG_LEVEL: 'silent',
      RECERT_ADMIN_TOKEN: ADMIN,
      ...more,
    },
  );
}

describe('a process of services', () => {
  let database: TestDatabase;
  let running: RunningProcess;

  beforeAll(async () => {
    database = await testDatabase();
    running = await start(database);
  });

  afterAll(async () => {
    await running.stop();
    await database.drop();
  });

  const send = (method: string, path: string, body?: string, token: string | null = ADMIN): Promise<Response> =>
    fetch(running.url + path, {
      method,
      headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });

  it('is live, and ready when its database and the bus are there', async () => {
    expect((await send('GET', '/health/live')).status).toBe(200);
    let ready = await send('GET', '/health/ready');
    // HTTP answers before the bus is connected: that is the point of the page.
    for (let tries = 0; ready.status === 503 && tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      ready = await send('GET', '/health/ready');
    }
    expect(await ready.json()).toMatchObject({
      status: 'ok',
      checks: [
        { name: 'bus postgres', ok: true },
        { name: 'database notes', ok: true },
      ],
    });
  });

  it('counts in the text format of Prometheus', async () => {
    expect(await (await send('GET', '/metrics')).text()).toContain('process_resident_memory_bytes');
  });

  it('has a schema of its own, with outbox and inbox in it', async () => {
    const rows = await running.app
      .get(ServiceDatabase, { strict: false })
      .query<{ table_name: string }>(
        "select table_name from information_schema.tables where table_schema = 'notes' order by 1",
      );
    expect(rows.map((row) => row.table_name)).toEqual([
      'announced_task',
      'bus_transport',
      'dead_letter',
      'event_retry',
      'inbox',
      'migration',
      'note',
      'outbox',
      'step_log',
    ]);
  });

  it('lets a second replica start at the same time on the same schema', async () => {
    const fresh = await testDatabase();
    const replicas = await Promise.all([start(fresh), start(fresh), start(fresh)]);
    await Promise.all(replicas.map((replica) => replica.stop()));
    await fresh.drop();
  });

  it('starts as a role that may make no schema, where its schema was made for it', async () => {
    const fresh = await testDatabase();
    const first = await start(fresh);
    const database = first.app.get(ServiceDatabase, { strict: false });
    await database.query(`revoke create on database "${new URL(fresh.url).pathname.slice(1)}" from current_user`);
    await first.stop();
    const second = await start(fresh);
    expect(await second.app.get(ServiceDatabase, { strict: false }).query('select 1 as one')).toEqual([{ one: 1 }]);
    await second.stop();
    await fresh.drop();
  });

  it.each([
    ['a public route', '/notes/open', null, 200],
    ['a route without a rule, even for an admin', '/notes/forgotten', ADMIN, 403],
    ['a route of admins without a token', '/notes/mine', null, 401],
    ['a route of admins with a wrong token', '/notes/mine', 'wrong-token-wrong-token', 401],
    ['a route of admins with their token', '/notes/mine', ADMIN, 200],
    ['a path that is not there', '/nowhere', ADMIN, 404],
  ])('answers %s', async (_, path, token, status) => {
    const response = await send('GET', path, undefined, token);
    expect(response.status).toBe(status);
    if (status >= 400) expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  it('names the field that is wrong', async () => {
    const response = await send('POST', '/notes', '{"text":"x","more":1}');
    expect(response.status).toBe(400);
    const problem = (await response.json()) as { errors: { field: string }[] };
    expect(problem.errors.map((error) => error.field).sort()).toEqual(['body', 'text']);
  });

  it.each([
    ['{"text":"taken"}', 409, 'This note is there already.'],
    ['{"text":"away"}', 503, 'Something this service depends on is away. Nothing was changed; try again in a moment.'],
    ['{"text":"bug"}', 500, 'This is a defect of the service; it was logged.'],
  ])('turns %s into a problem that says who must act', async (body, status, detail) => {
    const response = await send('POST', '/notes', body);
    expect([response.status, ((await response.json()) as { detail: string }).detail]).toEqual([status, detail]);
  });

  it.each([
    ['what is not JSON', '/notes', '{', 'application/json', 400, /not JSON/],
    ['a name that means a prototype', '/notes', '{"__proto__":{"a":1}}', 'application/json', 400, /__proto__/],
    ['nothing at all', '/notes', '', 'application/json', 400, /empty/],
    ['another type', '/notes', 'text', 'text/strange', 415, /Content-Type: application\/json/],
    ['more than 1 MB', '/notes', JSON.stringify({ text: 'x'.repeat(1024 * 1024) }), 'application/json', 413, /larger/],
    ['an address that is none', '/notes/%ff', '{}', 'application/json', 400, /RFC 3986/],
  ])('refuses %s as a problem', async (_, path, body, type, status, detail) => {
    const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': type };
    const response = await fetch(running.url + path, { method: 'POST', body, headers });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toMatchObject({ status, detail: expect.stringMatching(detail) as string });
  });

  it('stops when it is told to, twice if need be', async () => {
    const other = await start(database);
    await Promise.all([other.stop(), other.stop()]);
    await expect(fetch(`${other.url}/health/live`)).rejects.toThrow();
  });

  it('says first that it leaves, where it shall, and takes requests until then', async () => {
    const other = await start(database, { LEAVE_NOTICE_MS: '400' });
    const serving = async (): Promise<unknown[]> => {
      const reply = await fetch(`${other.url}/health/serving`);
      return [reply.status, await reply.json()];
    };
    expect(await serving()).toEqual([200, { status: 'ok' }]);
    const stopped = other.stop();
    expect(await serving()).toEqual([503, { status: 'leaving' }]);
    expect((await fetch(`${other.url}/notes/open`)).status).toBe(200);
    await stopped;
    await expect(serving()).rejects.toThrow('fetch failed');
  });

  it('answers what it was asked before it stops, and takes nothing new meanwhile', async () => {
    const other = await start(database);
    const asked = [1, 2, 3].map(() => fetch(`${other.url}/notes/slow`));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const stopped = other.stop();
    await expect(fetch(`${other.url}/health/live`)).rejects.toThrow('fetch failed');
    expect(await Promise.all((await Promise.all(asked)).map((reply) => reply.text()))).toEqual([
      'slow',
      'slow',
      'slow',
    ]);
    await stopped;
  });
});

describe('a process without a usable configuration', () => {
  it('does not start, and says everything at once', async () => {
    await expect(startProcess({ name: 'notes', modules: () => [] }, { PORT: 'x' })).rejects.toThrow(
      /DATABASE_URL is missing[\s\S]*BUS_URL is missing[\s\S]*PORT is malformed/,
    );
  });
});
