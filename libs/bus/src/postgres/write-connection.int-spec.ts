import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { eventually, testDatabase, type TestDatabase } from '@recert/testing';
import { Client } from 'pg';
import { WriteConnection } from './write-connection';

const INSERT = {
  name: 'insert',
  text: 'insert into note (id, text, bytes) values ($1, $2, $3) on conflict do nothing',
};

describe('a connection for writing', () => {
  let store: TestDatabase;
  let client: Client;
  let writing: WriteConnection;

  beforeAll(async () => {
    store = await testDatabase();
    client = new Client({ connectionString: store.url });
    await client.connect();
    await client.query('create table note (id int primary key, text text, bytes bytea)');
  });
  afterAll(async () => {
    await client.end();
    await store.drop();
  });
  beforeEach(() => void (writing = new WriteConnection({ connectionString: store.url })));
  afterEach(() => writing.close());

  const notes = async (where: string): Promise<unknown[]> =>
    (await client.query<object>(`select text, bytes from note where ${where} order by id`)).rows;

  it('writes text, bytes and nothing, as they are', async () => {
    expect(await writing.write(INSERT, ['1', `it's "ü"`, Buffer.from([0, 255])])).toBe(1);
    expect(await writing.write(INSERT, ['2', null, null])).toBe(1);
    expect(await notes('id in (1, 2)')).toEqual([
      { text: `it's "ü"`, bytes: Buffer.from([0, 255]) },
      { text: null, bytes: null },
    ]);
  });

  it('tells how many rows were written', async () => {
    const many = { name: 'many', text: 'insert into note select n from generate_series($1::int, $2::int) as n' };
    expect(await writing.write(many, ['10', '19'])).toBe(10);
    expect(await writing.write(many, ['9', '8'])).toBe(0);
    await writing.write(INSERT, ['3', 'first', null]);
    expect(await writing.write(INSERT, ['3', 'second', null])).toBe(0);
  });

  it('goes on after a statement that failed', async () => {
    await expect(writing.write(INSERT, ['no number', null, null])).rejects.toThrow('invalid input syntax');
    await expect(writing.write({ name: 'wrong', text: 'insert into nowhere values ($1)' }, ['1'])).rejects.toThrow(
      'nowhere',
    );
    expect(await writing.write(INSERT, ['4', 'afterwards', null])).toBe(1);
  });

  it('comes back after its connection was cut, and tells whoever was writing', async () => {
    const slow = { name: 'slow', text: 'insert into note select 5 from pg_sleep($1)' };
    const cut = writing.write(slow, ['30']);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like 'insert into note sel%'`,
    );
    await expect(cut).rejects.toThrow(/terminat/);
    expect(await notes('id = 5')).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await writing.write(INSERT, ['6', 'again', null])).toBe(1);
  });

  it('holds one connection, also when it is used again the moment it was cut', async () => {
    const named = new WriteConnection({ connectionString: store.url, application_name: 'one writer' });
    const held = async (): Promise<number> =>
      (await client.query(`select 1 from pg_stat_activity where application_name = 'one writer'`)).rows.length;
    let writing = true;
    const again = (async () => {
      for (let n = 1_000; writing; n += 1) await named.write(INSERT, [String(n), null, null]).catch(() => undefined);
    })();
    for (let cut = 0; cut < 20; cut += 1) {
      await eventually(async () => expect(await held()).toBeGreaterThan(0));
      await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'one writer'`,
      );
    }
    writing = false;
    await again;
    // The last cut may not have arrived: whoever writes into it hears so, and tries once more.
    await eventually(() => named.write(INSERT, ['10', null, null]));
    expect(await held()).toBe(1);
    await named.close();
    await eventually(async () => expect(await held()).toBe(0));
  });

  it('says that the database is away, and tries it anew each time', async () => {
    const nowhere = new WriteConnection({ host: '127.0.0.1', port: 1 });
    for (let i = 0; i < 2; i += 1)
      await expect(nowhere.write(INSERT, ['7', null, null])).rejects.toThrow('ECONNREFUSED');
    await nowhere.close();
  });

  it('waits no longer than it is told to, and writes again at once by another connection', async () => {
    const began = performance.now();
    const slow = { name: 'slow', text: 'insert into note select 20 from pg_sleep($1)' };
    await expect(writing.write(slow, ['30'], 100)).rejects.toThrow('no answer within 100 ms');
    expect(await writing.write(INSERT, ['21', 'another connection', null], 1_000)).toBe(1);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('waits no longer for a server that takes the connection and says nothing', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const nowhere = new WriteConnection({ host: '127.0.0.1', port });
    for (let i = 0; i < 2; i += 1)
      await expect(nowhere.write(INSERT, ['22', null, null], 50)).rejects.toThrow('no answer within 50 ms');
    await nowhere.close();
    mute.close();
  });

  it('ends, also when it was never used', async () => {
    await writing.close();
    await writing.close();
  });
});
