import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { type Readable, type Writable } from 'node:stream';
import { promisify } from 'node:util';
import { FailedError } from '../exit-codes';
import { majorOf } from './manifest';

const KEPT_CHARACTERS = 2000;

/** A program of PostgreSQL that is going. */
export interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Null when it ended well, else why not and what it said last. Never rejects. */
  readonly failure: Promise<string | null>;
}

/** The address of a database without its password: that is no argument, since everybody may read those. */
function withoutPassword(url: string): { address: string; password: string } {
  const address = new URL(url);
  const password = decodeURIComponent(address.password);
  address.password = '';
  return { address: address.href, password };
}

/** Starts a program on a database; null for none. It sees nothing of our environment but the PATH. */
export function startProgram(name: string, args: readonly string[], database: string | null, path: string): Running {
  const { address, password } = database === null ? { address: null, password: '' } : withoutPassword(database);
  const child = spawn(name, [...args, ...(address === null ? [] : [`--dbname=${address}`])], {
    env: { PATH: path, LC_ALL: 'C', ...(password !== '' && { PGPASSWORD: password }) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-KEPT_CHARACTERS)));
  // A program that ends early is told of by its status.
  child.stdin.on('error', () => undefined);
  const failure = new Promise<string | null>((resolve) => {
    child.once('error', (error) => resolve(`${name} could not be started: ${error.message}`));
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(null);
      resolve(
        `${name} ${signal === null ? `ended with ${code}` : `was ended by ${signal}`}${said && `: ${said.trim()}`}`,
      );
    });
  });
  return { child, failure };
}

/** The major version that a program says of itself: 15 of `pg_dump (PostgreSQL) 15.14 (Debian ...)`. */
export function majorIn(said: string): number | null {
  const [, major] = /\(PostgreSQL\) (\d+)/.exec(said) ?? [];
  return major === undefined ? null : Number(major);
}

/**
 * Makes sure that a program is there and knows this version.
 * @param version of the server, or of what was dumped, such as 170002
 * @throws FailedError that says what to install
 */
export async function requireProgram(name: string, version: number, path: string): Promise<void> {
  const wanted = `Install the programs of PostgreSQL ${majorOf(version)} (postgresql-client-${majorOf(version)}), or use the container: docker compose run --rm backup.`;
  const embedded =
    'The database of an `npm start` is backed up otherwise: stop it and copy its folder .data (RECERT_DATA).';
  const said = await promisify(execFile)(name, ['--version'], { env: { PATH: path, LC_ALL: 'C' } }).catch(() => null);
  if (said === null) throw new FailedError(`${name} is not on the PATH.\n${wanted}\n${embedded}`);
  const found = majorIn(said.stdout);
  if (found !== null && found >= majorOf(version)) return;
  throw new FailedError(
    `${name} is of PostgreSQL ${found ?? 'nobody knows what version'}, the data are of ${majorOf(version)}, and an older one does not know all of that.\n${wanted}\n${embedded}`,
  );
}
