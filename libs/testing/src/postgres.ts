import { Client } from 'pg';
import { basename } from 'node:path';
import { eventually } from './eventually';

export interface TestDatabase {
  /** Of a database of its own, empty; its role owns it and may do everything in it. */
  url: string;
  /** Removes the database, open connections or not; keeps it when RECERT_KEEP_DB=1. May be called twice. */
  drop(): Promise<void>;
}

const DROP_MS = 20_000;
let made = 0;

/**
 * Makes a fresh database on the PostgreSQL of this Jest run (TEST_DATABASE_URL; Jest's global set-up starts one when
 * it is not given). Its name tells the spec file, the process and a counter.
 */
export function testDatabase(): Promise<TestDatabase> {
  return make('');
}

/** As `testDatabase`, with everything that another one has: a backup of it. Nobody may be connected to that one. */
export function copyOfDatabase({ url }: Pick<TestDatabase, 'url'>): Promise<TestDatabase> {
  return make(`TEMPLATE "${new URL(url).pathname.slice(1)}"`);
}

async function make(as: string): Promise<TestDatabase> {
  const server = serverUrl();
  const name = databaseName(expect.getState().testPath ?? 'database', process.pid, ++made);
  await eventually(() => onServer(server, `CREATE DATABASE "${name}" ${as}`), DROP_MS);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      if (process.env['RECERT_KEEP_DB'] === '1') return;
      // A cleaning worker of the server's own may be in it, whom our role may not send away; it leaves by itself.
      await eventually(() => onServer(server, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`), DROP_MS);
    },
  };
}

/** A name of at most 63 bytes, PostgreSQL's limit, in which the end of a long spec's name gives way. */
export function databaseName(specPath: string, pid: number, counter: number): string {
  const spec = basename(specPath)
    .replace(/\.(int-spec|e2e-spec|chaos-spec|spec)\.ts$/, '')
    .replace(/[^a-z0-9]+/gi, '_')
    .toLowerCase();
  const end = `_${pid}_${counter}`;
  return `t_${spec}`.slice(0, 63 - end.length) + end;
}

function serverUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined || url === '') {
    throw new Error(
      'No TEST_DATABASE_URL: only *.int-spec.ts and *.e2e-spec.ts get a PostgreSQL (npx jest --selectProjects integration).',
    );
  }
  return url;
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
