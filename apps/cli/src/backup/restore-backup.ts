import { serviceNames } from '@recert/contracts';
import { type Client, escapeIdentifier } from 'pg';
import { type Environment } from '../api';
import { FailedError } from '../exit-codes';
import { pathOf, setting } from './config';
import { type Address, addressOf, serverVersion, withDatabase } from './database';
import { checkWhole, type Opened } from './open-backup';
import { requireProgram } from './postgres-program';
import { fillDatabase, giveUp, nameBeside, rightsWanted, withServer } from './restored-database';

export interface Restored {
  readonly database: string;
  /** The database that was in use, under its new name. */
  readonly before: string;
  /** Statements that undo it, for a connection to another database of the server. */
  readonly goBack: readonly string[];
  /** The statement that ends the way back. */
  readonly drop: string;
  /** Schemas whose service learns that it was restored. */
  readonly told: readonly string[];
}

/**
 * Puts a backup in the place of the database of DATABASE_URL, which stays beside it under another name.
 * @param now names the databases
 * @throws FailedError when it could not; the database in use is then as it was
 */
export async function restoreBackup(opened: Opened, environment: Environment, now: Date): Promise<Restored> {
  const present = addressOf(setting(environment, 'DATABASE_URL'));
  const fresh = addressOf(present.url, nameBeside(present.database, 'restore', now));
  return withServer(present, async (server) => {
    await requireProgram('pg_restore', await serverVersion(server), pathOf(environment));
    const rights = await rightsWanted(server, present.database, opened);
    await refuseSessions(server, present.database);
    await checkWhole(opened);
    await fillDatabase(server, fresh, rights, opened, environment);
    try {
      const told = await tellServices(fresh, opened.manifest.takenAt);
      const before = nameBeside(present.database, 'before', now);
      await refuseSessions(server, present.database);
      await swap(server, present.database, before, fresh.database);
      return { database: present.database, before, told, ...wayBack(present.database, before, now) };
    } catch (error) {
      return await giveUp(server, fresh, error);
    }
  });
}

interface Session {
  readonly role: string;
  readonly sessions: number;
}

/** @throws FailedError that names whoever is still in the database */
async function refuseSessions(server: Client, database: string): Promise<void> {
  const { rows } = await server.query<Session>(
    `select coalesce(usename, 'nobody') as role, count(*)::int as sessions from pg_stat_activity
     where datname = $1 and backend_type = 'client backend' group by 1 order by 1`,
    [database],
  );
  if (rows.length === 0) return;
  const names = rows.map(({ role, sessions }) => `${role} (${sessions})`).join(', ');
  const services = serviceNames.filter((name) => rows.some(({ role }) => role === name));
  const stop = services.length > 0 ? `docker compose stop ${services.join(' ')}` : 'end what they belong to';
  throw new FailedError(`Somebody is still in the database ${database}: ${names}. First: ${stop}`);
}

/**
 * Says to each service, in its own schema, of when its data are: what carries its events may know more, or less.
 * @returns the schemas that have a place for it
 */
async function tellServices({ url }: Address, takenAt: string): Promise<string[]> {
  return withDatabase(url, async (client) => {
    const { rows } = await client.query<{ schema: string }>(
      `select table_schema as schema from information_schema.columns
       where table_name = 'bus_transport' and column_name = 'restored_at' order by 1`,
    );
    for (const { schema } of rows) {
      await client.query(`update ${escapeIdentifier(schema)}.bus_transport set restored_at = $1`, [takenAt]);
    }
    return rows.map(({ schema }) => schema);
  });
}

/** Both names change, or neither. @throws when somebody came in meanwhile */
async function swap(server: Client, database: string, before: string, fresh: string): Promise<void> {
  await server.query('begin');
  try {
    await server.query(renaming(database, before));
    await server.query(renaming(fresh, database));
    await server.query('commit');
  } catch (error) {
    await server.query('rollback');
    throw error;
  }
}

const renaming = (from: string, to: string): string =>
  `alter database ${escapeIdentifier(from)} rename to ${escapeIdentifier(to)}`;

function wayBack(database: string, before: string, now: Date): Pick<Restored, 'goBack' | 'drop'> {
  return {
    goBack: [renaming(database, nameBeside(database, 'restored', now)), renaming(before, database)],
    drop: `drop database ${escapeIdentifier(before)}`,
  };
}
