import { Client, DatabaseError, escapeIdentifier } from 'pg';
import { FailedError, UnreachableError } from '../exit-codes';
import { type Facts } from './manifest';

const NO_RIGHTS = '42501';
/** Classes of errors: the connection is gone, there is no room, somebody stops the server. */
const GONE = new Set(['08', '53', '57']);

export interface Address {
  readonly url: string;
  readonly database: string;
}

/** The address of another database of the same server. */
export function addressOf(url: string, database?: string): Address {
  const address = new URL(url);
  if (database !== undefined) address.pathname = `/${encodeURIComponent(database)}`;
  return { url: address.href, database: decodeURIComponent(address.pathname.slice(1)) };
}

/**
 * Runs `use` with a connection.
 * @throws UnreachableError when there is none to be had, FailedError when the role may not do it
 */
export async function withDatabase<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'recert backup' });
  // It is reported by whatever is asked of the connection next.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UnreachableError(`The database of DATABASE_URL cannot be used (${message || code}).`);
  }
  try {
    return await use(client);
  } catch (error) {
    throw explained(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What a person can mend, in words; anything else is a mistake of ours and stays what it is. */
function explained(error: unknown): unknown {
  const { message } = error as Error;
  if (!(error instanceof DatabaseError)) {
    return message.startsWith('Connection terminated')
      ? new UnreachableError(`The database has gone: ${message}.`)
      : error;
  }
  if (error.code === NO_RIGHTS) {
    return new FailedError(`The role of DATABASE_URL may not do this (${message}): give that of the superuser.`);
  }
  return GONE.has(error.code?.slice(0, 2) ?? '') ? new UnreachableError(`The database gave up: ${message}.`) : error;
}

/** Version of the server, such as 170002. */
export async function serverVersion(client: Client): Promise<number> {
  const { rows } = await client.query<{ server_version_num: string }>('show server_version_num');
  return Number(rows[0]!.server_version_num);
}

/** One moment of a database, which stays as it was for as long as its transaction is open. */
export interface Snapshot {
  /** By which pg_dump sees the same. */
  readonly id: string;
  /** Not later than the moment itself, to the microsecond: 2026-11-30T21:30:00.123456Z. */
  readonly takenAt: string;
  readonly facts: Facts;
}

/** Runs `use` while the snapshot can be dumped. */
export async function withSnapshot<T>(client: Client, use: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  await client.query('begin isolation level repeatable read read only');
  try {
    const { rows } = await client.query<{ id: string; taken_at: string }>(
      `select pg_export_snapshot() as id,
              to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as taken_at`,
    );
    const { id, taken_at: takenAt } = rows[0]!;
    return await use({ id, takenAt, facts: await factsOf(client) });
  } finally {
    await client.query('rollback').catch(() => undefined);
  }
}

const TABLES = `
  select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1, 2`;

/** Whoever owns or was granted something. */
const ROLES = `
  with things(owner, acl) as (
    select nspowner, nspacl from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
    union all
    select relowner, relacl from pg_class c join pg_namespace n on n.oid = relnamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema')
  select rolname as role from pg_roles where rolname !~ '^pg_' and oid in (
    select owner from things union select (aclexplode(acl)).grantee from things)
  order by 1`;

/** Counts every row, so that a restored database can be held against it. */
export async function factsOf(client: Client): Promise<Facts> {
  const { rows: tables } = await client.query<{ schema: string; name: string }>(TABLES);
  const rows: Record<string, number> = {};
  const migrations: Record<string, number> = {};
  for (const { schema, name } of tables) {
    const { rows: counted } = await client.query<{ n: string }>(
      `select count(*) as n from ${escapeIdentifier(schema)}.${escapeIdentifier(name)}`,
    );
    rows[`${schema}.${name}`] = Number(counted[0]!.n);
    if (name === 'migration') migrations[schema] = Number(counted[0]!.n);
  }
  const { rows: roles } = await client.query<{ role: string }>(ROLES);
  return { migrations, rows, roles: roles.map(({ role }) => role) };
}
