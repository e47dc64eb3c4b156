import { busMigrations } from '@recert/bus';
import { testDatabase, type TestDatabase } from '@recert/testing';
import { DataSource } from 'typeorm';
import { migrations } from '../migrations';

const UNTIL_PEOPLE_LOG_IN = 6;

describe('logins from before people could log in', () => {
  let store: TestDatabase;
  let database: DataSource;

  beforeEach(async () => {
    store = await testDatabase();
    await migrateTo(UNTIL_PEOPLE_LOG_IN);
    await database.query(
      `insert into session (hash, principal, created_at, expires_at, last_seen_at)
       select sha256(n::text::bytea), '{"name": "admin", "handle": null, "role": "admin"}', now(), now(), now()
       from generate_series(1, 3) as n`,
    );
    await database.query(`insert into login_code (hash, expires_at) values ('code', now())`);
    await database.destroy();
  });
  afterEach(async () => {
    await database.destroy();
    await store.drop();
  });

  async function migrateTo(count: number): Promise<void> {
    database = await new DataSource({
      type: 'postgres',
      migrations: [...busMigrations, ...migrations.slice(0, count)],
      migrationsTableName: 'migration',
      extra: { connectionString: store.url },
    }).initialize();
    await database.runMigrations({ transaction: 'each' });
  }

  it('stay the admin of the start, each with an id, and have to be told of', async () => {
    await migrateTo(UNTIL_PEOPLE_LOG_IN + 1);
    const rows = await database.query<{ id: string }[]>('select id, version, handle, device, announced from session');
    const expected = { version: 1, handle: null, device: null, announced: false };
    const id = expect.stringMatching(/^[0-9a-f]{12}$/) as string;
    expect(rows).toEqual([1, 2, 3].map(() => ({ id, ...expected })));
    expect(new Set(rows.map((row) => row.id)).size).toBe(3);
    expect(await database.query('select handle from login_code')).toEqual([{ handle: null }]);
  });

  it('are what they were when it is undone, and those of people are not theirs then', async () => {
    await migrateTo(UNTIL_PEOPLE_LOG_IN + 1);
    await database.query(`update session set handle = 'ada' where hash = sha256('1')`);
    await database.query(`insert into login_code (hash, handle, expires_at) values ('other', 'ada', now())`);
    await database.undoLastMigration();
    const rows = await database.query<{ principal: unknown }[]>('select principal from session');
    expect(rows).toEqual([1, 2].map(() => ({ principal: { name: 'admin', handle: null, role: 'admin' } })));
    expect(await database.query('select 1 from login_code')).toHaveLength(1);
  });
});
