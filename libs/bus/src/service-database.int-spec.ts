import { eventually, testDatabase, type TestDatabase } from '@recert/testing';
import { type Envelope } from './envelope';
import { isOperational } from './operational-error';
import { type ServiceDatabase } from './service-database';
import { countOf, Counted, effectsOf, openService } from './test-kit/test-service';
import { type Tx } from './transaction';

describe("a service's transaction", () => {
  let store: TestDatabase;
  let database: ServiceDatabase;
  let announced: Envelope[] = [];

  beforeAll(async () => {
    store = await testDatabase();
    database = await openService(store.url, 'registry');
    database.onEventsCommitted((events) => announced.push(...events));
  });
  afterAll(async () => {
    await database.dataSource.destroy();
    await store.drop();
  });
  beforeEach(async () => {
    announced = [];
    await database.query('truncate effect, outbox');
  });

  const change = async (tx: Tx, n: number): Promise<void> => {
    await tx.db.query('insert into effect values ($1)', [n]);
    tx.publish(Counted, { n, text: '' });
  };
  const changed = (work: (tx: Tx) => Promise<unknown>): Promise<unknown> => database.transaction(work);
  async function expectNothing(): Promise<void> {
    expect(await effectsOf(database)).toEqual([]);
    expect(await countOf(database, 'outbox')).toBe(0);
    expect(announced).toEqual([]);
  }

  it('commits the change together with its events, and announces them then', async () => {
    const woken = jest.fn();
    await changed(async (tx) => {
      tx.afterCommit(woken);
      await change(tx, 1);
      expect([announced, woken.mock.calls]).toEqual([[], []]);
    });
    expect(await effectsOf(database)).toEqual([1]);
    expect(await countOf(database, 'outbox')).toBe(1);
    expect(announced.map((event) => event.payload)).toEqual(['{"n":1,"text":""}']);
    expect(woken).toHaveBeenCalledTimes(1);
  });

  it('leaves nothing when its work throws', async () => {
    const work = changed(async (tx) => {
      await change(tx, 1);
      throw new Error('a defect');
    });
    await expect(work).rejects.toThrow('a defect');
    await expectNothing();
  });

  it('leaves nothing when the outbox cannot be written, though the end was sent along with it', async () => {
    await database.query(`alter table outbox add constraint none check (false)`);
    try {
      await expect(changed((tx) => change(tx, 1))).rejects.toMatchObject({ code: '23514' });
    } finally {
      await database.query('alter table outbox drop constraint none');
    }
    await expectNothing();
  });

  it('fails when the error of a statement was caught: PostgreSQL has given the change up by then', async () => {
    const work = changed(async (tx) => {
      await change(tx, 1);
      await tx.db.query('select 1 / $1::int', [0]).catch(() => undefined);
    });
    await expect(work).rejects.toThrow('transaction is aborted');
    await expectNothing();
  });

  it('fails also without events when the error of a statement was caught', async () => {
    const work = changed(async ({ db }) => {
      await db.query('insert into effect values (1)');
      await db.query('select 1 / 0').catch(() => undefined);
    });
    await expect(work).rejects.toThrow('nothing was committed');
    await expectNothing();
  });

  it('says that the database went away when its connection broke between two statements', async () => {
    const work = changed(async (tx) => {
      await tx.db.query('select pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
      await eventually(() => expect(tx.db.queryRunner?.isReleased).toBe(true));
      await change(tx, 1);
    });
    const error: unknown = await work.catch((thrown: unknown) => thrown);
    expect([error instanceof Error && error.message, isOperational(error)]).toEqual([
      'Connection terminated in a transaction',
      true,
    ]);
    await expectNothing();
  });

  it('takes statements that do not wait for each other', async () => {
    await changed(({ db }) => Promise.all([1, 2, 3].map((n) => db.query('insert into effect values ($1)', [n]))));
    expect(await effectsOf(database)).toEqual([1, 2, 3]);
  });

  it('gives its connection back whatever becomes of it', async () => {
    for (let i = 0; i < 20; i += 1) await changed(() => Promise.reject(new Error('x'))).catch(() => undefined);
    await changed((tx) => change(tx, 1));
    expect(await effectsOf(database)).toEqual([1]);
  });
});
