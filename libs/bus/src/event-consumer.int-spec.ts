import { LetterKept } from '@recert/contracts';
import { testDatabase, type TestDatabase } from '@recert/testing';
import { MAX_DELIVERIES, MAX_POSTPONEMENTS } from './back-off';
import { DeadLetters } from './dead-letters';
import { EventConsumer, MEASURE_NOTHING, type Invoke, type Verdict } from './event-consumer';
import { done, drop, retry, type Outcome } from './outcome';
import { type ServiceDatabase } from './service-database';
import { attributesOf, handDelivery, type HandDelivery } from './test-kit/hand-delivery';
import { poison } from './test-kit/poison';
import { TestLog } from './test-kit/test-log';
import { Answered, countOf, Counted, effectsOf, openService } from './test-kit/test-service';

const durable = 'scheduler.count';

describe('a consumer', () => {
  let store: TestDatabase;
  let database: ServiceDatabase;
  let letters: DeadLetters;
  let verdicts: Verdict[] = [];

  beforeAll(async () => {
    store = await testDatabase();
    database = await openService(store.url, 'scheduler');
    letters = new DeadLetters(database);
  });
  afterAll(async () => {
    await database.dataSource.destroy();
    await store.drop();
  });
  beforeEach(async () => {
    verdicts = [];
    await database.query('truncate effect, inbox, outbox, event_retry, dead_letter');
  });

  function consumer(invoke: Invoke): EventConsumer {
    return new EventConsumer({ durable, event: Counted, invoke }, database, new TestLog(), {
      ...MEASURE_NOTHING,
      handled: (_, verdict) => verdicts.push(verdict),
    });
  }

  const count: Invoke = async (data, { tx }) => {
    await tx.db.query('insert into effect values ($1)', [(data as { n: number }).n]);
    tx.publish(Answered, { n: (data as { n: number }).n });
    return done;
  };
  const failing: Invoke = async (data, delivery) => {
    await count(data, delivery);
    throw new Error('a defect');
  };
  const answering =
    (outcome: Outcome): Invoke =>
    async (data, delivery) => {
      await count(data, delivery);
      return outcome;
    };
  const event = (): HandDelivery => handDelivery(attributesOf(Counted.subject), { n: 1 });

  /** That there is a dead letter is told; nothing else of the handler's work is. */
  async function expectNothingWritten(): Promise<void> {
    expect(await effectsOf(database)).toEqual([]);
    const others = `subject <> '${LetterKept.subject}'`;
    expect([await countOf(database, 'inbox'), await countOf(database, 'outbox', others)]).toEqual([0, 0]);
  }
  const told = async (): Promise<LetterKept[]> => {
    const rows = await database.query<{ payload: string }>(
      'select payload from outbox where subject = $1 order by id',
      [LetterKept.subject],
    );
    return rows.map(({ payload }) => LetterKept.schema.parse(JSON.parse(payload)));
  };

  it('acts once, however often and however closely an event is delivered', async () => {
    const attributes = attributesOf(Counted.subject);
    const deliveries = Array.from({ length: 8 }, (_, i) => handDelivery(attributes, { n: 1 }, i + 1));
    const one = consumer(count);
    await Promise.all(deliveries.slice(0, 5).map((delivery) => one.receive(delivery)));
    for (const delivery of deliveries.slice(5)) await one.receive(delivery);
    expect(await effectsOf(database)).toEqual([1]);
    expect([await countOf(database, 'inbox'), await countOf(database, 'outbox')]).toEqual([1, 1]);
    expect(verdicts.filter((verdict) => verdict === 'done')).toHaveLength(1);
    expect(verdicts.filter((verdict) => verdict === 'repeated')).toHaveLength(7);
    for (const delivery of deliveries) expect(delivery.endings).toEqual(['ack']);
  });

  it('hands what it publishes the correlation of its cause', async () => {
    const delivery = event();
    await consumer(count).receive(delivery);
    const [row] = await database.query<{ headers: Record<string, string> }>('select headers from outbox');
    expect(row?.headers).toMatchObject({
      'ce-correlationid': delivery.attributes?.correlationId,
      'ce-causationid': delivery.attributes?.id,
      'ce-source': 'scheduler',
    });
  });

  it('leaves nothing of an event whose handler throws after it wrote and published', async () => {
    const delivery = event();
    await consumer(failing).receive(delivery);
    await expectNothingWritten();
    expect(verdicts).toEqual(['retry']);
    expect(delivery.endings).toHaveLength(1);
    expect(delivery.endings[0]).toBeGreaterThanOrEqual(1000);
    expect(delivery.endings[0]).toBeLessThanOrEqual(1200);
  });

  it('leaves nothing of an event that is put off, and comes back to it', async () => {
    const delivery = event();
    await consumer(answering(retry(1234, 'not yet'))).receive(delivery);
    await expectNothingWritten();
    expect(delivery.endings).toEqual([1234]);
    await consumer(count).receive({ ...delivery, deliveries: 2 });
    expect(await effectsOf(database)).toEqual([1]);
    expect(await countOf(database, 'event_retry')).toBe(0);
  });

  it('leaves nothing of an event that is dropped but a dead letter', async () => {
    const delivery = event();
    await consumer(answering(drop('the process is unknown'))).receive(delivery);
    await expectNothingWritten();
    expect(verdicts).toEqual(['dead-letter']);
    expect(delivery.endings).toEqual(['ack']);
    expect(await letters.list(10)).toMatchObject([
      {
        consumer: durable,
        service: 'scheduler',
        reason: 'the process is unknown',
        payload: '{"n":1}',
        replayedAt: null,
      },
    ]);
  });

  it(`gives up an event that has failed ${MAX_DELIVERIES} times, not one time sooner`, async () => {
    const delivery = event();
    for (let times = 1; times < MAX_DELIVERIES; times += 1) await consumer(failing).receive(delivery);
    expect(verdicts).toEqual(Array(MAX_DELIVERIES - 1).fill('retry'));
    expect(await letters.list(10)).toEqual([]);
    await consumer(failing).receive(delivery);
    expect(verdicts.at(-1)).toBe('dead-letter');
    expect(await letters.list(10)).toMatchObject([{ reason: 'Error: a defect', eventId: delivery.attributes?.id }]);
    expect(await countOf(database, 'event_retry')).toBe(0);
    await expectNothingWritten();
  });

  it('waits longer after each failure', async () => {
    const delivery = event();
    for (let times = 0; times < 5; times += 1) await consumer(failing).receive(delivery);
    const bases = [1000, 2000, 4000, 8000, 16_000];
    delivery.endings.forEach((waits, i) => {
      expect(waits).toBeGreaterThanOrEqual(bases[i]!);
      expect(waits).toBeLessThanOrEqual(bases[i]! * 1.2);
    });
  });

  it(`gives up an event that was put off ${MAX_POSTPONEMENTS} times, not one time sooner`, async () => {
    const delivery = event();
    const patient = consumer(answering(retry(1, 'not yet')));
    for (let times = 1; times < MAX_POSTPONEMENTS; times += 1) await patient.receive(delivery);
    expect(await letters.list(10)).toEqual([]);
    await patient.receive(delivery);
    expect(await letters.list(10)).toMatchObject([{ reason: `put off ${MAX_POSTPONEMENTS} times: not yet` }]);
  });

  it('does not hold it against an event that its transport had to deliver it a thousand times', async () => {
    const first = handDelivery(attributesOf(Counted.subject), { n: 1 }, 1000);
    await consumer(failing).receive(first);
    expect(verdicts).toEqual(['retry']);
    await consumer(count).receive({ ...first, deliveries: 1001 });
    expect(await effectsOf(database)).toEqual([1]);
  });

  it('never gives an event up because its database connection was lost, and looks again soon', async () => {
    const delivery = event();
    const losing = consumer(async (_, { tx }) => {
      await tx.db.query('select pg_terminate_backend(pg_backend_pid())');
      return done;
    });
    for (let times = 1; times <= 3 * MAX_DELIVERIES; times += 1)
      await losing.receive({ ...delivery, deliveries: times });
    expect(verdicts).toEqual(Array(3 * MAX_DELIVERIES).fill('retry'));
    expect(Math.max(...delivery.endings.map(Number))).toBeLessThanOrEqual(15_000);
    expect(await countOf(database, 'event_retry')).toBe(0);
    await consumer(failing).receive({ ...delivery, deliveries: 100 });
    await consumer(count).receive({ ...delivery, deliveries: 101 });
    expect(verdicts.slice(-2)).toEqual(['retry', 'done']);
    expect(await letters.list(10)).toEqual([]);
  });

  it('keeps hold of everything while its database is away, also of what it cannot read', async () => {
    const away = await openService(store.url, 'away');
    await away.dataSource.destroy();
    const one = new EventConsumer({ durable: 'away.count', event: Counted, invoke: count }, away, new TestLog());
    const [good, bad] = [event(), handDelivery(null, { n: 1 })];
    await one.receive(good);
    await one.receive(bad);
    for (const { endings } of [good, bad]) {
      expect(endings).toHaveLength(1);
      expect(endings[0]).toBeGreaterThanOrEqual(1000);
    }
  });

  it('says which handler returned no outcome', async () => {
    await consumer(() => Promise.resolve(undefined as unknown as Outcome)).receive(event());
    const [row] = await database.query<{ reason: string }>('select reason from event_retry');
    expect(row?.reason).toBe('Error: the handler scheduler.count returned no outcome');
  });

  it('logs once, and counts each time, what a handler publishes without having declared it, and loses nothing over it', async () => {
    const log = new TestLog();
    const undeclared: string[][] = [];
    const measure = { ...MEASURE_NOTHING, undeclared: (...what: string[]) => undeclared.push(what) };
    const declaring = (emits: (typeof Answered)[]): EventConsumer =>
      new EventConsumer({ durable, event: Counted, invoke: count, emits }, database, log, measure);
    await declaring([Answered]).receive(event());
    expect([log.lines, undeclared]).toEqual([[], []]);
    const silent = declaring([]);
    await silent.receive(event());
    await silent.receive(event());
    expect(log.lines).toHaveLength(1);
    expect(JSON.stringify(log.lines)).toContain(Answered.subject);
    expect(undeclared).toEqual(Array(2).fill([durable, Answered.subject]));
    expect(await countOf(database, 'outbox')).toBe(3);
  });

  it('says in every line which consumer, event, run and attempt it is about', async () => {
    const log = new TestLog();
    const give = async (invoke: Invoke, incoming: HandDelivery): Promise<string> => {
      await new EventConsumer({ durable, event: Counted, invoke }, database, log).receive(incoming);
      return log.lines.pop()!;
    };
    const incoming = event();
    const { id: eventId, correlationId } = incoming.attributes!;
    const fields = { durable, subject: Counted.subject, eventId, correlationId, attempt: 1 };
    const saying = (more: object): string => JSON.stringify({ ...fields, ...more });
    expect(await give(failing, incoming)).toBe(
      `error event: handling failed, will try again ${saying({ failures: 1, err: {} })}`,
    );
    const lost = (): Promise<never> => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
    expect(await give(lost, incoming)).toBe(
      `warn event: could not be handled now, will try again ${saying({ error: 'Error: away' })}`,
    );
    expect(await give(answering(drop('no such thing')), incoming)).toBe(
      `error event: kept as a dead letter ${saying({ error: 'no such thing' })}`,
    );
  });

  it('tells of a dead letter, and again when it failed for another reason', async () => {
    const incoming = event();
    await consumer(answering(drop('no such thing'))).receive(incoming);
    await consumer(answering(drop('still no such thing'))).replay(incoming);
    const [first, second, ...others] = await told();
    expect(first).toMatchObject({
      ...{ service: 'scheduler', consumer: durable, subject: Counted.subject, reason: 'no such thing' },
      ...{
        eventId: incoming.attributes!.id,
        runId: incoming.attributes!.correlationId,
        payload: '{"n":1}',
        isWhole: true,
      },
    });
    expect(second).toMatchObject({ letterId: first!.letterId, reason: 'still no such thing' });
    expect(others).toEqual([]);
  });

  it('tells the beginning of a long payload, and says that it is no more than that', async () => {
    await consumer(count).receive(handDelivery(attributesOf(Counted.subject), { n: 'x'.repeat(20_000) }));
    const [letter] = await told();
    expect(letter!.isWhole).toBe(false);
    expect(letter!.payload).toHaveLength(16_384);
  });

  it('does not tell of a dead letter about dead letters: that would never end', async () => {
    await consumer(count).receive(handDelivery(attributesOf(LetterKept.subject), {}));
    expect(await letters.list(10)).toHaveLength(1);
    expect(await told()).toEqual([]);
  });

  it('tells of those that were kept before there was a word for it, once', async () => {
    await consumer(answering(drop('no such thing'))).receive(event());
    await database.query('truncate outbox; update dead_letter set told_at = null');
    expect([await letters.tellOfUntold(), await letters.tellOfUntold()]).toEqual([1, 0]);
    expect(await told()).toHaveLength(1);
  });

  it.each(poison().map((each) => [each.what, each] as const))('makes a dead letter of %s', async (_, each) => {
    const delivery = handDelivery(each.attributes, each.payload);
    const one = consumer(count);
    await one.receive(delivery);
    await one.receive({ ...delivery, deliveries: 2 });
    expect(verdicts).toEqual(['dead-letter', 'dead-letter']);
    expect(delivery.endings).toEqual(['ack', 'ack']);
    await expectNothingWritten();
    const rows = await database.query<{ payload: Buffer; reason: string }>('select payload, reason from dead_letter');
    expect(rows).toHaveLength(1);
    expect(rows[0]!.payload.equals(each.payload)).toBe(true);
    expect(rows[0]!.reason.length).toBeGreaterThan(10);
  });
});
