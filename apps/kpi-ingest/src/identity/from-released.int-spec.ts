import { busMigrations } from '@recert/bus';
import { identityMigrations } from '@recert/identity';
import { intakeMigrations } from '@recert/intake';
import { testDatabase, type TestDatabase } from '@recert/testing';
import { DataSource } from 'typeorm';
import { migrations } from '../migrations';
import { CreateKpis0001 } from '../migrations/0001-create-kpis';

const now = [...busMigrations, ...intakeMigrations, ...identityMigrations, ...migrations];
const released = [...busMigrations, ...intakeMigrations, CreateKpis0001];

describe('a database of kpi-ingest from before it knew sessions', () => {
  let store: TestDatabase;

  beforeEach(async () => {
    store = await testDatabase();
  });
  afterEach(() => store.drop());

  async function migrated<T>(list: typeof now, look: (database: DataSource) => Promise<T>): Promise<T> {
    const database = await new DataSource({
      type: 'postgres',
      migrations: list,
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

  it.each(released.map((_, n) => [n + 1]))('is brought up to date after %d of its migrations', async (count) => {
    await migrated(released.slice(0, count), async () => undefined);
    const names = await migrated(now, (database) => database.query<{ name: string }[]>('select name from migration'));
    expect(names).toHaveLength(now.length);
  });

  it('keeps the tokens that it knew', async () => {
    await migrated(released, (database) =>
      database.query(
        `insert into known_token values ('6f1d2a9be04c', 1, 'lugha', sha256('x'), '{kpi:lugha}', 'lugha', true)`,
      ),
    );
    const look =
      'select (select count(*)::int from known_token) as tokens, (select count(*)::int from known_session) as sessions';
    expect(await migrated(now, (database) => database.query(look))).toEqual([{ tokens: 1, sessions: 0 }]);
  });
});
