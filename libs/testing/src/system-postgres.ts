import { type Tethered, spawnTethered } from '@recert/embedded-postgres';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Client } from 'pg';
import { eventually } from './eventually';
import { isProgram } from './find-program';

const NEEDED = ['initdb', 'postgres', 'pg_dump', 'pg_restore', 'psql'];
const DEBIAN = '/usr/lib/postgresql';
const START_MS = 60_000;
const PASSWORD = 'a-password-of-tests';
const nobody = { uid: 65534, gid: 65534 };

/**
 * The folder with all programs of a PostgreSQL of this machine, which the embedded one has not (it comes without
 * pg_dump); null where there is none.
 */
export function findSystemPostgres(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean),
  ];
  return folders.find((folder) => NEEDED.every((name) => isProgram(join(folder, name)))) ?? null;
}

/** A server with a superuser, on a socket of its own. */
export interface SystemPostgres {
  /** Of a database that its superuser `postgres` uses. */
  url(database: string): string;
  /** What psql and scripts find it by. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts a new cluster; it ends with the test's process at the latest. @param programs as `findSystemPostgres` says */
export async function startSystemPostgres(programs: string): Promise<SystemPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'recert-pg-'));
  // PostgreSQL refuses to run as root.
  const account: Partial<typeof nobody> = process.getuid?.() === 0 ? nobody : {};
  const [data, sockets] = [join(folder, 'data'), join(folder, 'socket')];
  chmodSync(folder, 0o711);
  for (const path of [data, sockets]) {
    mkdirSync(path, { mode: 0o700 });
    if (account.uid !== undefined && account.gid !== undefined) chownSync(path, account.uid, account.gid);
  }
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD, { mode: 0o644 });
  const env = { PATH: `${programs}:/usr/local/bin:/usr/bin:/bin`, LC_ALL: 'C' };
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--no-sync'],
    { ...account, env, cwd: '/', stdio: 'pipe' },
  );
  const settings = ['listen_addresses=', `unix_socket_directories=${sockets}`, 'fsync=off', 'max_connections=50'];
  const server = await spawnTethered(
    join(programs, 'postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    { ...account, signal: 'INT', env, cwd: '/' },
  );
  server.child.stdout.resume();
  server.child.stderr.resume();
  const url = (database: string): string =>
    `postgres://postgres:${PASSWORD}@localhost/${database}?host=${encodeURIComponent(sockets)}`;
  await eventually(() => reach(url('postgres')), START_MS);
  return {
    url,
    env: { ...env, PGHOST: sockets, PGPASSWORD: PASSWORD },
    stop: () => stop(server, folder),
  };
}

async function reach(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.end();
}

async function stop(server: Tethered, folder: string): Promise<void> {
  await server.release();
  rmSync(folder, { recursive: true, force: true });
}
