import { defineEvent, RunProgressed, type RunStep } from '@recert/contracts';
import { testDatabase, type TestDatabase } from '@recert/testing';
import { z } from 'zod';
import { DeadLetters } from './dead-letters';
import { EventConsumer, type Invoke } from './event-consumer';
import { done, drop } from './outcome';
import { type ServiceDatabase } from './service-database';
import { StepLog } from './step-log';
import { attributesOf, handDelivery } from './test-kit/hand-delivery';
import { TestLog } from './test-kit/test-log';
import { Counted, openService } from './test-kit/test-service';

const durable = 'scheduler.tell';
const schema = z.object({ n: z.int() });
const declared = { says: 'A number.', publishers: ['registry'], consumers: ['scheduler'], example: { n: 1 } } as const;
const Asked = defineEvent({ ...declared, subject: 'alert.asked', schema, publishers: ['registry'], consumers: [] });
const Heard = defineEvent({ ...declared, subject: 'alert.heard', schema, publishers: ['registry'], consumers: [] });

describe('the steps of a service', () => {
  let store: TestDatabase;
  let database: ServiceDatabase;

  beforeAll(async () => {
    store = await testDatabase();
    database = await openService(store.url, 'scheduler');
  });
  afterAll(async () => {
    await database.dataSource.destroy();
    await store.drop();
  });
  beforeEach(async () => {
    await database.query('truncate inbox, outbox, event_retry, dead_letter');
    database.steps.start(new TestLog());
  });

  const consumer = (invoke: Invoke, event = Asked): EventConsumer =>
    new EventConsumer({ durable, event, invoke }, database, new TestLog());
  const answer: Invoke = async (_, { tx }) => {
    tx.publish(Heard, { n: 1 });
    return done;
  };
  async function told(): Promise<RunStep[]> {
    const rows = await database.query<{ payload: string }>(
      'select payload from outbox where subject = $1 order by id',
      [RunProgressed.subject],
    );
    return rows.flatMap(({ payload }) => RunProgressed.schema.parse(JSON.parse(payload)).steps);
  }

  it('are its handlers with their attempts and errors, and what these publish', async () => {
    let calls = 0;
    const one = consumer((data, delivery) => {
      if ((calls += 1) < 3) throw new Error(`no ${calls}`);
      return answer(data, delivery);
    });
    const attributes = attributesOf(Asked.subject);
    for (const n of [1, 2, 3, 4]) await one.receive(handDelivery(attributes, { n: 1 }, n));
    await database.steps.stop();
    const steps = await told();
    const runId = attributes.correlationId;
    expect(steps.find(({ kind }) => kind === 'handler')).toMatchObject({
      ...{ runId, key: `${durable} ${attributes.id}`, name: durable, causeId: attributes.id, by: null },
      ...{ attempts: 3, state: 'done', error: 'Error: no 2' },
    });
    expect(steps.find(({ kind }) => kind === 'handler')!.tookMs).toBeGreaterThan(0);
    expect(steps.find(({ kind }) => kind === 'event')).toMatchObject({
      ...{ runId, name: Heard.subject, causeId: attributes.id, by: durable, attempts: 1, state: 'done' },
    });
    expect(steps).toHaveLength(2);
  });

  it('are failed when they were given up, and done when they were replayed', async () => {
    const attributes = attributesOf(Asked.subject);
    let outcome = drop('it is too old');
    const one = consumer(async (data, delivery) => (outcome.kind === 'drop' ? outcome : answer(data, delivery)));
    await one.receive(handDelivery(attributes, { n: 1 }, 1));
    await database.steps.stop();
    expect(await told()).toMatchObject([{ state: 'failed', attempts: 1, error: 'it is too old' }]);
    database.steps.start(new TestLog());
    const [letter] = await new DeadLetters(database).list(1);
    const found = await new DeadLetters(database).find(letter!.id);
    outcome = done;
    expect(await one.replay(found!.incoming)).toBeNull();
    await database.steps.stop();
    expect((await told()).filter(({ kind }) => kind === 'handler').at(-1)).toMatchObject({
      ...{ state: 'done', attempts: 2, key: `${durable} ${attributes.id}` },
    });
  });

  it('are none where the hub tells of itself', async () => {
    const one = consumer(async () => done, Counted);
    await one.receive(handDelivery(attributesOf(Counted.subject), { n: 1 }));
    await database.transaction(async (tx) => void tx.publish(Counted, { n: 1, text: '', anything: null }));
    await database.steps.stop();
    expect(await told()).toEqual([]);
  });

  it('are told at the next start when a crash came before they could be', async () => {
    const [good, bad] = [attributesOf(Asked.subject), attributesOf(Asked.subject)];
    await database.query(`update step_log set told_until = now()`);
    await consumer(answer).receive(handDelivery(good, { n: 1 }));
    await consumer(async () => drop('no')).receive(handDelivery(bad, { n: 1 }));
    // The process ends here: what it held in memory is gone.
    expect(await told()).toEqual([]);
    const next = new StepLog(database);
    next.start(new TestLog());
    await next.stop();
    const steps = await told();
    const keys = [`${durable} ${good.id}`, `${durable} ${bad.id}`];
    expect(
      steps
        .filter(({ kind }) => kind === 'handler')
        .map(({ key, state }) => [key, state])
        .sort(),
    ).toEqual(
      [
        [keys[0], 'done'],
        [keys[1], 'failed'],
      ].sort(),
    );
    expect(steps.filter(({ kind }) => kind === 'event')).toMatchObject([{ name: Heard.subject, causeId: good.id }]);
    await database.steps.stop();
  });

  it('are told no more once they were, but for the last minute', async () => {
    await database.query(`update step_log set told_until = now()`);
    const attributes = attributesOf(Asked.subject);
    await consumer(answer).receive(handDelivery(attributes, { n: 1 }));
    await database.query(`update inbox set at = now() - interval '61 seconds'`);
    await database.query(`update outbox set created_at = now() - interval '59 seconds'`);
    const next = new StepLog(database);
    next.start(new TestLog());
    await next.stop();
    expect((await told()).map(({ kind }) => kind)).toEqual(['event']);
    await database.steps.stop();
  });
});
