import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FailedError } from '../exit-codes';
import { Summing, type Sum } from './checksum';
import { startProgram } from './postgres-program';

/** A service that changes its tables in this moment is waited for so long. */
const LOCK_WAIT = '60s';

export interface DumpOrder {
  readonly url: string;
  /** Snapshot that is dumped. */
  readonly snapshot: string;
  readonly encrypt: (plain: Readable) => Promise<Readable>;
  /** Must not be there yet. */
  readonly file: string;
  readonly path: string;
}

/**
 * Dumps a database into an encrypted file.
 * @returns what was written
 * @throws FailedError when pg_dump or the disk gave up; then there is no file
 */
export async function writeDump({ url, snapshot, encrypt, file, path }: DumpOrder): Promise<Sum> {
  const options = ['--format=custom', '--no-password', `--snapshot=${snapshot}`, `--lock-wait-timeout=${LOCK_WAIT}`];
  const { child, failure } = startProgram('pg_dump', options, url, path);
  child.stdin.end();
  const summing = new Summing();
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true });
  try {
    await pipeline(await encrypt(child.stdout), summing, target);
  } catch (error) {
    child.kill('SIGKILL');
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new FailedError(`${file} is there already: another backup is writing it.`);
    await rm(file, { force: true });
    throw new FailedError(`The dump cannot be written to ${file}: ${code ?? message}`);
  }
  // Its output ends in the same way when it is killed: only its status tells.
  const why = await failure;
  if (why === null) return summing.sum();
  await rm(file, { force: true });
  throw new FailedError(`The dump broke off: ${why}`);
}
