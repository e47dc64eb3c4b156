import { testDatabase, type TestDatabase } from '@recert/testing';
import { Client } from 'pg';
import { envelope, envelopes } from '../test-kit/recorder';
import { TestLog } from '../test-kit/test-log';
import { onDatabase } from '../test-kit/test-service';
import { until } from '../test-kit/until';
import { PostgresTransport } from './postgres-transport';

const SUBJECT = 'task.watched';

describe('what is read for those who observe', () => {
  let database: TestDatabase;
  let transport: PostgresTransport;
  let numbers: number[] = [];
  let missed = 0;

  beforeEach(async () => {
    database = await testDatabase();
    transport = new PostgresTransport(database.url, new TestLog());
    numbers = [];
    missed = 0;
    await transport.observe({
      saw: ({ payload }) => void numbers.push((JSON.parse(payload.toString()) as { n: number }).n),
      missed: (count) => void (missed += count ?? NaN),
    });
  });
  afterEach(async () => {
    await transport.close();
    await database.drop();
  });

  /** Without a hint, as a publisher that takes its own events for itself. */
  const insert = (from: number, to: number): string => `
    insert into bus.message (event_id, subject, payload, headers)
    select gen_random_uuid(), '${SUBJECT}', json_build_object('n', n), '{}' from generate_series(${from}, ${to}) n`;

  it('is also what was numbered before others and committed after them, once', async () => {
    const slow = new Client({ connectionString: database.url });
    await slow.connect();
    await slow.query('begin');
    await slow.query(insert(1, 2));
    await transport.publish([envelope(SUBJECT, 3)]);
    await until('the quick one', () => numbers.length === 1);
    await slow.query('commit');
    await slow.end();
    await until('the slow ones', () => numbers.length === 3);
    await transport.publish([envelope(SUBJECT, 4)]);
    await until('the next one', () => numbers.includes(4));
    expect([numbers, missed]).toEqual([[3, 1, 2, 4], 0]);
  });

  it.each([
    [199, 0],
    [200, 0],
    [201, 1],
    [5_000, 4_800],
  ])('are the newest 200 of %i at once, and the number of the others', async (count, unseen) => {
    await onDatabase(database.url, insert(1, count));
    await until('all of them', () => numbers.length + missed === count);
    expect([missed, numbers.at(-1)]).toEqual([unseen, count]);
  });

  it('is only the number of those larger than 64 KB', async () => {
    const sized = (n: number, bytes: number) => {
      const start = `{"n":${n},"text":"`;
      return { ...envelope(SUBJECT, n), payload: `${start}${'x'.repeat(bytes - start.length - 2)}"}` };
    };
    await transport.publish([sized(1, 64 * 1024), sized(2, 64 * 1024 + 1)]);
    await until('both', () => numbers.length + missed === 2);
    expect([numbers, missed]).toEqual([[1], 1]);
  });

  it('is nothing at all while nobody observes', async () => {
    const quiet = new PostgresTransport(database.url, new TestLog());
    const asked = jest.spyOn(quiet['claims'], 'query');
    await (await quiet.observe({ saw: () => undefined, missed: () => undefined })).stop();
    const before = asked.mock.calls.length;
    await quiet.publish(envelopes(SUBJECT, 5));
    await transport.publish(envelopes(SUBJECT, 5, 5));
    await until('all events at the other', () => numbers.length === 10);
    expect(asked.mock.calls.length).toBe(before);
    await quiet.close();
  });
});
