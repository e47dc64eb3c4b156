import { busMigrations } from '@recert/bus';
import { intakeMigrations } from '@recert/intake';
import { testDatabase, type TestDatabase } from '@recert/testing';
import { DataSource, type MigrationInterface } from 'typeorm';
import { identityMigrations } from './migrations';

type Migrations = readonly (new () => MigrationInterface)[];

const COLUMNS = `
  select table_name, column_name, data_type, udt_name, is_nullable, column_default
  from information_schema.columns where table_schema = 'public' and table_name in ('known_token', 'known_session')
  order by table_name, ordinal_position`;
const KEYS = `
  select conrelid::regclass::text as of, pg_get_constraintdef(oid) as says from pg_constraint
  where conrelid in ('known_token'::regclass, 'known_session'::regclass) and contype <> 'n' order by 1, 2`;

describe('the tables of identity', () => {
  let store: TestDatabase;

  beforeEach(async () => {
    store = await testDatabase();
  });
  afterEach(() => store.drop());

  /** Brings the database up to date, and tells what `look` sees there. */
  async function migrate<T>(migrations: Migrations, look: (database: DataSource) => Promise<T>): Promise<T> {
    const database = await new DataSource({
      type: 'postgres',
      migrations: [...migrations],
      migrationsTableName: 'migration',
      extra: { connectionString: store.url },
    }).initialize();
    try {
      await database.runMigrations({ transaction: 'each' });
      return await look(database);
    } finally {
      await database.destroy();
    }
  }
  const tables = async (database: DataSource): Promise<unknown> => [
    await database.query(COLUMNS),
    await database.query(KEYS),
  ];

  const withHooks: Migrations = [...busMigrations, ...intakeMigrations];
  const all: Migrations = [...withHooks, ...identityMigrations];

  it.each([
    ['nothing', []],
    ['the bus alone', busMigrations],
    ['a service that takes webhooks', withHooks],
    ['itself', all],
  ] as [string, Migrations][])('are the same from %s as in a service without webhooks', async (_, released) => {
    await migrate(released, async () => undefined);
    const here = await migrate(all, tables);
    await store.drop();
    store = await testDatabase();
    expect(here).toEqual(await migrate([...busMigrations, ...identityMigrations], tables));
    expect((here as [unknown[]])[0]).toHaveLength(7 + 8);
  });

  it('keep the tokens that were known before', async () => {
    const insert = `insert into known_token values ('6f1d2a9be04c', 1, 'lugha', sha256('x'), '{kpi:lugha}', 'lugha', true)`;
    await migrate(withHooks, (database) => database.query(insert));
    const rows = await migrate(all, (database) => database.query<unknown[]>('select id, scopes from known_token'));
    expect(rows).toEqual([{ id: '6f1d2a9be04c', scopes: ['kpi:lugha'] }]);
  });

  it('go and come again without the tokens', async () => {
    const insert = `insert into known_token values ('6f1d2a9be04c', 1, 'lugha', sha256('x'), '{kpi:lugha}', 'lugha', true)`;
    await migrate(all, async (database) => {
      await database.query(insert);
      await database.undoLastMigration();
    });
    expect(await migrate(all, (database) => database.query('select id from known_token'))).toHaveLength(1);
  });
});
