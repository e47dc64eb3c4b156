import { Controller, Module } from '@nestjs/common';
import { addressOf, done, OnEvent, retry, ServiceDatabase, type Delivery, type Outcome } from '@recert/bus';
import { KpiReceived, type BusView, type RefillView } from '@recert/contracts';
import { DatabaseModule, startProcess, type RunningProcess } from '@recert/service-kit';
import { eventually, startNatsServer, testDatabase, type NatsServer, type TestDatabase } from '@recert/testing';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { bakery } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';

class CreateEffect implements MigrationInterface {
  readonly name = 'CreateEffect1763800900001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table effect (week text not null)');
  }
  async down(): Promise<void> {}
}

/** Whether the consumer puts everything off, so that no transport becomes empty. */
let isHeld = false;

@Controller()
class CountWhenKpiIsReceived {
  @OnEvent(KpiReceived, { durable: 'scheduler.count-when-kpi-is-received' })
  async handle({ week }: KpiReceived, { tx }: Delivery): Promise<Outcome> {
    if (isHeld) return retry(1_500, 'the test holds it');
    await tx.db.query('insert into effect values ($1)', [week]);
    return done;
  }
}

const schedulerDatabase = DatabaseModule.forService({ service: 'scheduler', migrations: [CreateEffect] });

@Module({ imports: [schedulerDatabase], controllers: [CountWhenKpiIsReceived] })
class CountingModule {}

describe('the bus of an installation', () => {
  let database: TestDatabase;
  let nats: NatsServer;
  let environment: Record<string, string>;
  let registry: RunningRegistry;
  let scheduler: RunningProcess | null;
  let said = 0;

  beforeEach(async () => {
    database = await testDatabase();
    nats = await startNatsServer();
    environment = {};
    said = 0;
    isHeld = false;
    registry = await RunningRegistry.start(database.url, bakery, environment);
    scheduler = await startScheduler();
    await eventually(async () => expect((await view()).members).toHaveLength(2));
  });
  afterEach(async () => {
    await scheduler?.stop();
    await registry.stop();
    await nats.stop();
    await database.drop();
  });

  function startScheduler(): Promise<RunningProcess> {
    return startProcess(
      { name: 'scheduler', modules: () => [CountingModule] },
      { DATABASE_URL: database.url, BUS_URL: database.url, PORT: '0', LOG_LEVEL: 'silent', ...environment },
    );
  }
  const view = (): Promise<BusView> => registry.ask('GET', '/api/bus');
  const ask = (to: string) =>
    registry.request<BusView & { detail: string }>('POST', '/api/bus/switch', { body: { to } });
  const ended = (generation: number, phase: string, withinMs = 30_000): Promise<BusView> =>
    eventually(async () => {
      const now = await view();
      expect(now.switch).toMatchObject({ generation, phase });
      return now;
    }, withinMs);
  const everywhere = (generation: number): Promise<void> =>
    eventually(async () => {
      const { members } = await view();
      expect(members.map((member) => [member.generation, member.phase])).toEqual(
        members.map(() => [generation, 'idle']),
      );
    }, 20_000);
  async function say(count: number): Promise<void> {
    await registry.database.transaction(async (tx) => {
      for (let i = 0; i < count; i += 1) {
        said += 1;
        const week = `${1000 + Math.floor(said / 50)}-W${String((said % 50) + 1).padStart(2, '0')}`;
        tx.publish(KpiReceived, { ...KpiReceived.example, week });
      }
    });
  }
  async function expectEachOnce(): Promise<void> {
    const effects = scheduler!.app.get(ServiceDatabase, { strict: false });
    await eventually(async () => {
      const [row] = await effects.query<{ all: number; distinct: number }>(
        'select count(*)::int as all, count(distinct week)::int as distinct from effect',
      );
      expect(row).toEqual({ all: said, distinct: said });
    }, 30_000);
  }

  it('is shown with its members, to admins alone', async () => {
    expect(await view()).toMatchObject({
      transport: addressOf(database.url),
      members: [
        { service: 'registry', generation: 0, phase: 'idle', transport: addressOf(database.url) },
        { service: 'scheduler', generation: 0, phase: 'idle', transport: addressOf(database.url) },
      ],
      switch: null,
    });
    expect((await registry.request('GET', '/api/bus', { token: null })).status).toBe(401);
  });

  it('moves there and back while events are published, loses none, and says so', async () => {
    let over = false;
    const loading = (async () => {
      while (!over) {
        await say(4);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    expect((await ask(nats.url)).status).toBe(202);
    const there = await ended(1, 'done');
    expect(there).toMatchObject({ transport: nats.url, switch: { to: nats.url, problem: null, by: 'admin' } });
    expect(there.switch!.events).toBeGreaterThan(0);
    await everywhere(1);
    const ready = (await registry.ask<{ checks: { name: string }[] }>('GET', '/health/ready')).checks;
    expect(ready.map(({ name }) => name)).toContain('bus jetstream');
    expect((await ask('postgres')).status).toBe(202);
    await ended(2, 'done');
    await everywhere(2);
    over = true;
    await loading;
    expect(said).toBeGreaterThan(300);
    await expectEachOnce();
  }, 90_000);

  it('moves once at a time, and only to where it can be', async () => {
    const refusals: [string, number, string][] = [
      ['nats://u:secret@127.0.0.1:4222', 422, 'without user and password'],
      ['redis://x', 422, 'expected an address'],
      ['postgres://elsewhere:5432/x', 422, 'BUS_URL_OTHER'],
      ['postgres', 409, 'already'],
    ];
    for (const [to, status, detail] of refusals) {
      const reply = await ask(to);
      expect([reply.status, reply.body.detail]).toEqual([status, expect.stringContaining(detail)]);
    }
    await ask(nats.url);
    const second = await ask(nats.url);
    expect([second.status, second.body.detail]).toEqual([409, expect.stringContaining('under way')]);
    await ended(1, 'done');
  }, 60_000);

  it('stays where it is when the target is away, and says what each has met', async () => {
    await nats.kill();
    await ask(nats.url);
    await say(50);
    const { switch: last, transport } = await ended(1, 'abandoned', 45_000);
    expect(transport).toBe(addressOf(database.url));
    expect(last!.problem).toMatch(/^within 30 s these have not joined: registry \(NATS: .+\), scheduler \(NATS: .+\)$/);
    await expectEachOnce();
    await everywhere(0);
  }, 90_000);

  it('is led to the end by a registry that was away meanwhile, with a service that was away as well', async () => {
    await ask(nats.url);
    await registry.stop();
    await scheduler!.stop();
    registry = await RunningRegistry.start(database.url, bakery, environment);
    scheduler = await startScheduler();
    await say(50);
    await ended(1, 'done');
    await everywhere(1);
    await expectEachOnce();
    await registry.stop();
    registry = await RunningRegistry.start(database.url, bakery, environment);
    expect((await view()).transport).toBe(nats.url);
    await say(5);
    await expectEachOnce();
  }, 90_000);

  it('goes back when it is given up, also when the new transport went away with what was published there', async () => {
    expect((await registry.request('DELETE', '/api/bus/switch')).status).toBe(409);
    isHeld = true;
    await say(3);
    await ask(nats.url);
    await eventually(async () => expect((await view()).switch!.phase).toBe('draining'), 20_000);
    await say(30);
    await nats.kill();
    await say(30);
    await registry.ask('DELETE', '/api/bus/switch');
    const after = await ended(1, 'abandoned');
    expect(after.switch!.problem).toBe('admin gave it up while it was draining');
    await eventually(async () => expect((await view()).transport).toBe(addressOf(database.url)));
    await everywhere(0);
    isHeld = false;
    await say(5);
    await expectEachOnce();
  }, 90_000);

  it('misses what the old transport had lost unseen, and has it published again before it says that it is done', async () => {
    isHeld = true;
    await say(3);
    // Between two attempts they are in nobody's hands.
    await eventually(async () => {
      const tried = `select from scheduler.event_retry where consumer = 'scheduler.count-when-kpi-is-received'`;
      expect(await registry.database.query(tried)).toHaveLength(3);
    });
    const lost = await registry.database.query(
      `with lost as (delete from bus.delivery where durable = 'scheduler.count-when-kpi-is-received' returning 1)
       select from lost`,
    );
    expect(lost).toHaveLength(3);
    isHeld = false;
    await ask(nats.url);
    await eventually(async () => {
      const { phase, problem } = (await view()).switch!;
      expect([phase, problem]).toEqual([
        'verifying',
        'not handled yet: 3 kpi.received by scheduler.count-when-kpi-is-received',
      ]);
    }, 20_000);
    const { switch: last } = await ended(1, 'done', 40_000);
    expect(last!.problem).toBeNull();
    await expectEachOnce();
  }, 90_000);

  it('is filled again after its store was wiped, and nothing acts twice', async () => {
    await ask(nats.url);
    await ended(1, 'done');
    await everywhere(1);
    await say(100);
    await expectEachOnce();
    const { storeDir, port } = nats;
    await nats.kill();
    rmSync(join(storeDir, 'jetstream'), { recursive: true });
    await say(20);
    nats = await startNatsServer({ storeDir, port });
    await expectEachOnce();
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const refilled = await registry.ask<RefillView>('POST', '/api/bus/replay', { since });
    expect(refilled.missing).toEqual([]);
    expect(refilled.services.map(({ service }) => service)).toEqual(['registry', 'scheduler']);
    expect(refilled.events).toBeGreaterThanOrEqual(120);
    await say(1);
    await expectEachOnce();
  }, 90_000);
});
