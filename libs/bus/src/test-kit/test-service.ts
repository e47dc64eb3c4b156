import { defineEvent } from '@recert/contracts';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { busMigrations } from '../migrations';
import { ServiceDatabase } from '../service-database';

/** The event of these tests: any subject of the stream will do. */
export const Counted = defineEvent({
  subject: 'task.counted',
  says: 'A number, and a text of any kind.',
  publishers: ['registry'],
  consumers: ['scheduler'],
  schema: z.object({ n: z.int(), text: z.string().default(''), anything: z.unknown().optional() }),
  example: { n: 1, text: '', anything: null },
});

/** Another one, which a handler may publish in turn. */
export const Answered = defineEvent({
  subject: 'task.answered',
  says: 'The answer to a number.',
  publishers: ['scheduler'],
  consumers: ['registry'],
  schema: z.object({ n: z.int() }),
  example: { n: 1 },
});

/** A service's database as service-kit opens it, with a table `effect (n int)` for its handlers. */
export async function openService(url: string, service: string): Promise<ServiceDatabase> {
  await onDatabase(url, `create schema if not exists "${service}"`);
  const dataSource = new DataSource({
    type: 'postgres',
    schema: service,
    migrations: busMigrations,
    migrationsTableName: 'migration',
    applicationName: `service ${service}`,
    poolSize: 6,
    extra: { connectionString: url, pipeline: true, options: `-c search_path=${service}` },
  });
  await dataSource.initialize();
  await dataSource.runMigrations();
  const database = new ServiceDatabase(service, dataSource);
  await database.query('create table if not exists effect (n int not null)');
  return database;
}

/** Ends every connection of a service or of the bus, as a server that is killed does. */
export async function killConnections(url: string, applications: string): Promise<void> {
  await onDatabase(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name like '${applications}%'`,
  );
}

export async function effectsOf(database: ServiceDatabase): Promise<number[]> {
  const rows = await database.query<{ n: number }>('select n from effect order by n');
  return rows.map((row) => row.n);
}

export async function countOf(database: ServiceDatabase, table: string, condition = 'true'): Promise<number> {
  const [row] = await database.query<{ n: number }>(`select count(*)::int as n from ${table} where ${condition}`);
  return row?.n ?? 0;
}

export async function onDatabase(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
