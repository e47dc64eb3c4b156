import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  type INestMicroservice,
  Module,
  Scope,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern } from '@nestjs/microservices';
import { type DataOf } from '@recert/contracts';
import { testDatabase, type TestDatabase } from '@recert/testing';
import { MEASURE_NOTHING, type Verdict } from './event-consumer';
import { EventServer } from './event-server';
import { type Delivery, OnEvent } from './on-event.decorator';
import { done, drop, type Outcome } from './outcome';
import { PostgresTransport } from './postgres/postgres-transport';
import { type ServiceDatabase } from './service-database';
import { TestLog } from './test-kit/test-log';
import { Answered, countOf, Counted, effectsOf, onDatabase, openService } from './test-kit/test-service';
import { until } from './test-kit/until';

type Counted = DataOf<typeof Counted>;

@Injectable()
class Places {
  /** What the handler does with a number; the test changes it. */
  act: (data: Counted, delivery: Delivery) => Promise<Outcome> = () => Promise.resolve(done);
  guarded = 0;
}

@Injectable()
class CountingGuard implements CanActivate {
  constructor(private readonly places: Places) {}

  canActivate(context: ExecutionContext): boolean {
    this.places.guarded += 1;
    return context.switchToRpc().getData<Counted>().text !== 'forbidden';
  }
}

@Controller()
class CountWhenCounted {
  constructor(private readonly places: Places) {}

  @OnEvent(Counted, { durable: 'scheduler.count-when-counted' })
  @UseGuards(CountingGuard)
  async count(data: Counted, delivery: Delivery): Promise<Outcome> {
    await delivery.tx.db.query('insert into effect values ($1)', [data.n]);
    delivery.tx.publish(Answered, { n: data.n });
    return this.places.act(data, delivery);
  }
}

@Controller({ scope: Scope.REQUEST })
class SumWhenAnswered {
  @OnEvent(Answered, { durable: 'registry.sum-when-answered' })
  async sum(data: DataOf<typeof Answered>, { tx }: Delivery): Promise<Outcome> {
    await tx.db.query('insert into effect values ($1)', [data.n * 100]);
    return done;
  }
}

function moduleOf(...controllers: Type[]): Type {
  @Module({ controllers, providers: [Places, CountingGuard] })
  class TestModule {}
  return TestModule;
}

describe('the event server in a Nest application', () => {
  let store: TestDatabase;
  let registry: ServiceDatabase;
  let scheduler: ServiceDatabase;
  let app: INestMicroservice | null = null;
  let server: EventServer;
  let verdicts: Verdict[] = [];

  beforeAll(async () => {
    store = await testDatabase();
    registry = await openService(store.url, 'registry');
    scheduler = await openService(store.url, 'scheduler');
  });
  afterAll(async () => {
    await registry.dataSource.destroy();
    await scheduler.dataSource.destroy();
    await store.drop();
  });
  afterEach(async () => {
    await app?.close();
    app = null;
    await onDatabase(store.url, 'drop schema if exists bus cascade');
    for (const database of [registry, scheduler])
      await database.query('truncate effect, inbox, outbox, event_retry, dead_letter');
  });

  async function start(module: Type): Promise<Places> {
    verdicts = [];
    const transport = new PostgresTransport(store.url, new TestLog());
    server = new EventServer(transport, new TestLog(), {
      ...MEASURE_NOTHING,
      handled: (_, verdict) => verdicts.push(verdict),
    });
    server.join(registry);
    server.join(scheduler);
    try {
      app = await NestFactory.createMicroservice(module, { strategy: server, logger: false, abortOnError: false });
      await app.listen();
    } catch (error) {
      await transport.close();
      throw error;
    }
    return app.get(Places);
  }
  async function publish(...data: Partial<Counted>[]): Promise<void> {
    await registry.transaction(async (tx) => {
      for (const each of data) tx.publish(Counted, { n: 1, text: '', ...each });
    });
  }
  async function deadLetter(): Promise<{ id: string; reason: string; replayedAt: string | null }> {
    let found: { id: string; reason: string; replayedAt: string | null }[] = [];
    await until('a dead letter', async () => {
      found = (await Promise.all(server.deadLetters().map((letters) => letters.list(10)))).flat();
      return found.length > 0;
    });
    expect(found).toHaveLength(1);
    return found[0]!;
  }

  it('takes an event from one service through two others, with guards, and request scope', async () => {
    const places = await start(moduleOf(CountWhenCounted, SumWhenAnswered));
    await publish({ n: 7 });
    await until('the answer', async () => (await effectsOf(registry)).length > 0);
    expect([await effectsOf(scheduler), await effectsOf(registry)]).toEqual([[7], [700]]);
    expect(places.guarded).toBe(1);
    const [row] = await scheduler.query<{ headers: Record<string, string> }>('select headers from outbox');
    const [cause] = await registry.query<{ event_id: string }>('select event_id from outbox');
    expect(row?.headers).toMatchObject({ 'ce-causationid': cause?.event_id, 'ce-correlationid': cause?.event_id });
  });

  it('knows what a handler threw, though Nest makes "Internal server error" of it', async () => {
    const places = await start(moduleOf(CountWhenCounted));
    places.act = () => Promise.reject(new TypeError('a defect of ours'));
    await publish({ n: 1 });
    await until('a failure', () => verdicts.length > 0);
    const rows = await scheduler.query<{ reason: string; failures: number }>(
      'select reason, failures from event_retry',
    );
    expect(rows).toEqual([{ reason: 'TypeError: a defect of ours', failures: 1 }]);
    expect([await effectsOf(scheduler), await countOf(scheduler, 'outbox')]).toEqual([[], 0]);
  });

  it('does not hold a lost connection against the event, though Nest hides the error', async () => {
    const places = await start(moduleOf(CountWhenCounted));
    let calls = 0;
    places.act = async (_, { tx }) => {
      calls += 1;
      if (calls === 1) await tx.db.query('select pg_terminate_backend(pg_backend_pid())');
      return done;
    };
    await publish({ n: 1 });
    await until('the effect', async () => (await effectsOf(scheduler)).length > 0);
    expect(verdicts).toEqual(['retry', 'done']);
    expect(await countOf(scheduler, 'event_retry')).toBe(0);
  });

  it('tells of a guard that refuses', async () => {
    await start(moduleOf(CountWhenCounted));
    await publish({ text: 'forbidden' });
    await until('a failure', () => verdicts.length > 0);
    const [row] = await scheduler.query<{ reason: string }>('select reason from event_retry');
    expect(row?.reason).toContain('Forbidden resource');
  });

  it('replays a dead letter through the same inbox, and twice is once', async () => {
    const places = await start(moduleOf(CountWhenCounted));
    places.act = () => Promise.resolve(drop('unknown process'));
    await publish({ n: 5 });
    const { id, reason, replayedAt } = await deadLetter();
    expect([reason, replayedAt]).toEqual(['unknown process', null]);
    places.act = () => Promise.resolve(done);
    expect(await Promise.all([server.replay(id), server.replay(id), server.replay(id)])).toEqual([null, null, null]);
    expect(await server.replay(id)).toBeNull();
    expect(await effectsOf(scheduler)).toEqual([5]);
    expect((await deadLetter()).replayedAt).not.toBeNull();
  });

  it('keeps the new reason of a dead letter that fails again, and replays it when it is mended', async () => {
    const places = await start(moduleOf(CountWhenCounted));
    places.act = () => Promise.resolve(drop('unknown process'));
    await publish({ n: 5 });
    const { id } = await deadLetter();
    places.act = () => Promise.reject(new Error('still broken'));
    expect(await server.replay(id)).toBe('Error: still broken');
    expect(await deadLetter()).toMatchObject({ id, reason: 'Error: still broken', replayedAt: null });
    expect(await effectsOf(scheduler)).toEqual([]);
    places.act = () => Promise.resolve(done);
    expect(await server.replay(id)).toBeNull();
    expect(await effectsOf(scheduler)).toEqual([5]);
  });

  it('says what stands in the way of a replay', async () => {
    const places = await start(moduleOf(CountWhenCounted));
    places.act = () => Promise.resolve(drop('no'));
    await publish({ n: 5 });
    const { id } = await deadLetter();
    expect(await server.replay('not an id')).toBeUndefined();
    expect(await server.replay('0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10')).toBeUndefined();
    await scheduler.query(`update dead_letter set consumer = 'scheduler.gone'`);
    expect(await server.replay(id)).toBe('the consumer scheduler.gone does not exist any more');
  });

  it('does not start when two handlers claim one durable name', async () => {
    @Controller()
    class CountToo {
      @OnEvent(Counted, { durable: 'scheduler.count-when-counted' })
      count(_data: Counted, _delivery: Delivery): Promise<Outcome> {
        return Promise.resolve(done);
      }
    }
    await expect(start(moduleOf(CountWhenCounted, CountToo))).rejects.toThrow(
      'Two handlers claim the durable name "scheduler.count-when-counted": each would get a part of the events. Rename one.',
    );
  });

  it('does not start with a handler of a service that is not here', async () => {
    @Controller()
    class Stranger {
      @OnEvent(Counted, { durable: 'notifier.count' })
      count(_data: Counted, _delivery: Delivery): Promise<Outcome> {
        return Promise.resolve(done);
      }
    }
    await expect(start(moduleOf(Stranger))).rejects.toThrow(
      'Handler "notifier.count" belongs to no service of this process: its durable must begin with the service\'s name and a dot.',
    );
  });

  it('does not start with a durable name that a transport could mistake for another', async () => {
    @Controller()
    class Misnamed {
      @OnEvent(Counted, { durable: 'scheduler.count_it' })
      count(_data: Counted, _delivery: Delivery): Promise<Outcome> {
        return Promise.resolve(done);
      }
    }
    await expect(start(moduleOf(Misnamed))).rejects.toThrow(
      'Handler "scheduler.count_it": a durable name is made of a-z, 0-9, dashes and dots',
    );
  });

  it('does not start with a handler that is none of its own', async () => {
    @Controller()
    class Plain {
      @EventPattern<string>('scheduler.plain')
      plain(): void {}
    }
    await expect(start(moduleOf(Plain))).rejects.toThrow('Handler "scheduler.plain" was not declared with @OnEvent.');
  });

  it('finishes on closing what is in hand, and publishes what that leaves in the outbox', async () => {
    const places = await start(moduleOf(CountWhenCounted));
    let begun = false;
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    places.act = async () => {
      begun = true;
      await gate;
      return done;
    };
    await publish({ n: 3 });
    await until('the handler', () => begun);
    const closed = app!.close();
    finish();
    await closed;
    app = null;
    expect(await effectsOf(scheduler)).toEqual([3]);
    expect(await countOf(scheduler, 'outbox', 'published_at is not null')).toBe(1);
  });
});
