import { Client } from 'pg';
import { testDatabase } from './postgres';

const connect = async (url: string): Promise<Client> => {
  const client = new Client({ connectionString: url });
  // Dropping a database with force ends this connection from the other side.
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

describe('testDatabase', () => {
  it('gives each call an empty database of its own, named after the spec', async () => {
    const [one, two] = [await testDatabase(), await testDatabase()];
    const [first, second] = [await connect(one.url), await connect(two.url)];
    await first.query('CREATE TABLE only_here (n int)');
    await expect(second.query('SELECT * FROM only_here')).rejects.toThrow('does not exist');
    const { rows } = await first.query<{ name: string }>('SELECT current_database() AS name');
    expect(rows[0]?.name).toMatch(/^t_postgres_\d+_\d+$/);
    await Promise.all([first.end(), second.end(), one.drop(), two.drop()]);
  });

  it('drops a database that is still connected to, and may be asked twice', async () => {
    const database = await testDatabase();
    const client = await connect(database.url);
    await database.drop();
    await database.drop();
    await expect(connect(database.url)).rejects.toThrow('does not exist');
    await client.end().catch(() => undefined);
  });
});
