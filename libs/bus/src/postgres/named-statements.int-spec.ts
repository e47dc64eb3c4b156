import { testDatabase, type TestDatabase } from '@recert/testing';
import { Pool } from 'pg';
import { isOperational } from '../operational-error';
import { onDatabase } from '../test-kit/test-service';
import { nameStatements } from './named-statements';

describe('a connection whose statements have names', () => {
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await onDatabase(
      database.url,
      'drop table if exists thing; create table thing (n int); insert into thing values (1)',
    );
    pool = new Pool({ connectionString: database.url, max: 1 });
    nameStatements(pool);
  });
  afterEach(() => pool.end());

  const ALL = 'select * from thing where n = $1';
  async function rowsOf(text: string, values: unknown[] = []): Promise<unknown[]> {
    const client = await pool.connect();
    try {
      return (await client.query<Record<string, unknown>>(text, values)).rows;
    } finally {
      client.release();
    }
  }
  /** How many statements the server keeps, and how often it has planned each text. */
  const prepared = (): Promise<unknown[]> =>
    rowsOf('select statement, (generic_plans + custom_plans)::int as runs from pg_prepared_statements order by name');

  it('prepares a text once, however often it runs', async () => {
    for (let i = 0; i < 3; i += 1) expect(await rowsOf(ALL, [1])).toEqual([{ n: 1 }]);
    expect(await prepared()).toEqual([{ statement: ALL, runs: 3 }]);
  });

  it('sends what has no parameters as it is', async () => {
    await rowsOf('select 1');
    expect(await prepared()).toEqual([]);
  });

  it('keeps no more than 300 of them', async () => {
    for (let i = 0; i < 305; i += 1) await rowsOf(`select ${i} as other, $1::int as n`, [i]);
    expect(await prepared()).toHaveLength(300);
    expect(await rowsOf('select 304 as other, $1::int as n', [7])).toEqual([{ other: 304, n: 7 }]);
  });

  it('passes an error on, and goes on', async () => {
    await expect(rowsOf('select 1 / $1::int as n', [0])).rejects.toMatchObject({ code: '22012' });
    expect(await rowsOf('select 1 / $1::int as n', [1])).toEqual([{ n: 1 }]);
  });

  it('sees the new columns of a table that a newer version has migrated', async () => {
    expect(await rowsOf(ALL, [1])).toEqual([{ n: 1 }]);
    await onDatabase(database.url, `alter table thing add column text text default 'new'`);
    expect(await rowsOf(ALL, [1])).toEqual([{ n: 1, text: 'new' }]);
  });

  it('loses one transaction to such a migration, as if something had been away, and no second one', async () => {
    await rowsOf(ALL, [1]);
    await onDatabase(database.url, 'alter table thing add column text text');
    const client = await pool.connect();
    try {
      await client.query('begin');
      const failure: unknown = await client.query(ALL, [1]).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Error);
      expect(isOperational(failure)).toBe(true);
      await client.query('rollback');
      await client.query('begin');
      expect((await client.query(ALL, [1])).rows).toEqual([{ n: 1, text: null }]);
      await client.query('commit');
    } finally {
      client.release();
    }
  });
});
