import { type Client, DatabaseError, escapeIdentifier } from 'pg';
import { type Environment } from '../api';
import { FailedError, UnreachableError } from '../exit-codes';
import { type Address, addressOf, factsOf, serverVersion, withDatabase } from './database';
import { applyRights, createLike, type DatabaseRights, rightsOf } from './database-rights';
import { differences, majorOf } from './manifest';
import { loadDump, type Opened } from './open-backup';

/** Leaves room for the word and the time behind it in the 63 that PostgreSQL takes. */
const LONGEST_NAME = 38;

/** `recert_before_20261130_213000`: another database beside one, named after a time. */
export function nameBeside(database: string, what: string, now: Date): string {
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_');
  return `${database.slice(0, LONGEST_NAME)}_${what}_${time}`;
}

/** Runs `use` beside the database of an address, on the same server: nobody can rename the one that he is in. */
export function withServer<T>({ url, database }: Address, use: (client: Client) => Promise<T>): Promise<T> {
  return withDatabase(addressOf(url, database === 'postgres' ? 'template1' : 'postgres').url, use);
}

/**
 * What the restored database must be like: the one that it stands in for.
 * @throws FailedError when the server cannot take this backup
 */
export async function rightsWanted(client: Client, database: string, { manifest }: Opened): Promise<DatabaseRights> {
  const version = await serverVersion(client);
  if (majorOf(version) < majorOf(manifest.postgres)) {
    throw new FailedError(
      `The backup is of PostgreSQL ${majorOf(manifest.postgres)}, the server is ${majorOf(version)}: it takes one that is as new.`,
    );
  }
  const { rows } = await client.query<{ name: string; super: boolean }>(
    'select rolname as name, rolname = current_user and rolsuper as super from pg_roles',
  );
  if (!rows.some((role) => role.super)) throw new FailedError('The role of DATABASE_URL must be the superuser.');
  const missing = manifest.roles.filter((role) => !rows.some(({ name }) => name === role));
  const makeRoles =
    'docker compose up -d postgres && docker compose exec postgres /docker-entrypoint-initdb.d/create-roles.sh';
  if (missing.length > 0) {
    throw new FailedError(`The server has no role ${missing.join(', ')}. Make what is missing: ${makeRoles}`);
  }
  const rights = await rightsOf(client, database);
  if (rights === null) throw new FailedError(`The server has no database ${database}. Make it: ${makeRoles}`);
  return rights;
}

/**
 * Makes a database, fills it from a backup, and makes sure that it holds all that was backed up.
 * @throws FailedError that says what is left when it could not; that is nothing where the server goes on
 */
export async function fillDatabase(
  server: Client,
  address: Address,
  rights: DatabaseRights,
  opened: Opened,
  environment: Environment,
): Promise<void> {
  const { rows } = await server.query('select from pg_database where datname = $1', [address.database]);
  if (rows.length > 0) throw new FailedError(`There is a database ${address.database} already. Nothing was changed.`);
  await createLike(server, address.database, rights);
  try {
    await applyRights(server, address.database, rights);
    await loadDump(opened, address.url, environment);
    await withDatabase(address.url, async (client) => {
      const wrong = differences(opened.manifest, await factsOf(client));
      if (wrong.length > 0)
        throw new FailedError(`What was restored is not what was backed up:\n  ${wrong.join('\n  ')}`);
      // Plans are bad until it knows what it holds.
      await client.query('analyze');
    });
  } catch (error) {
    await giveUp(server, address, error);
  }
}

/** Takes away what was restored by half. @throws always, what it was given, with what is left */
export async function giveUp(server: Client, { database }: Address, error: unknown): Promise<never> {
  const drop = `drop database if exists ${escapeIdentifier(database)} with (force)`;
  const left = await server.query(drop).then(
    () => 'Nothing was changed.',
    () => `The database in use was not changed. What was restored by half is left: ${drop};`,
  );
  const isForPeople = [FailedError, UnreachableError, DatabaseError].some((kind) => error instanceof kind);
  throw isForPeople ? new FailedError(`${(error as Error).message}\n${left}`, { cause: error }) : error;
}
