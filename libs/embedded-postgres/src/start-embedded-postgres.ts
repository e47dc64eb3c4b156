import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Binaries, findBinaries } from './binaries';
import { clusterIn, createCluster, database, passwordIn, role } from './cluster';
import { claimDirectory } from './owner-file';
import { isReady, socketName, stopOrphan } from './postmaster';
import { chooseAccount, folderOwner, giveTo, type ServerAccount, serverEnvironment } from './server-account';
import { settingArguments } from './settings';
import { spawnTethered, type Tethered } from './tethered-process';

export interface EmbeddedPostgresOptions {
  /** Absolute or relative to the working directory; made when it is not there. One process at a time uses it. */
  dataDir: string;
  /** Takes each line the server writes. */
  log?: (line: string) => void;
  /** PostgreSQL settings that win over ours, such as `{ max_connections: '200' }`. */
  settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** `postgres://recert:..@localhost/recert?host=<folder of the unix socket>`; it holds the password. */
  url: string;
  /** Of the server itself. */
  pid: number;
  /** Settles when the server has ended, whether it was stopped or failed; never rejects. */
  exited: Promise<void>;
  /** Ends open connections, writes everything down, and waits until no process is left. May be called twice. */
  stop(): Promise<void>;
}

const startTimeoutMs = 60_000;
const stopTimeoutMs = 30_000;
const pollMs = 5;
const sessionsPollMs = 200;
/** A socket's path has 104 bytes on macOS and 108 on Linux, with the end mark. */
const longestSocketPath = 100;

/**
 * Starts PostgreSQL on a data directory, which is set up on first use. It listens on a unix socket only and ends with
 * this process, however that ends. Throws an error that says what to do when it cannot.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = findBinaries();
  const dataDir = makeDataDirectory(resolve(options.dataDir));
  const cluster = clusterIn(dataDir);
  const owner = folderOwner(cluster);
  const giveUp = claimDirectory(join(dataDir, 'owner.pid'), dataDir);
  try {
    const sockets = makeSocketDirectory(dataDir, owner);
    const accountFor = (folder: string): ServerAccount => {
      giveTo(owner, folder);
      return chooseAccount(owner, {
        programs: [binaries.postgres, binaries.initdb],
        readable: [binaries.catalog],
        writable: [folder, sockets],
      });
    };
    if (existsSync(cluster)) await stopOrphan(cluster, sockets, stopTimeoutMs);
    else await createCluster(dataDir, binaries, accountFor);
    const server = await startServer({ binaries, cluster, sockets, account: accountFor(cluster), options });
    void server.exited.then(giveUp);
    return {
      url: `postgres://${role}:${passwordIn(dataDir)}@localhost/${database}?host=${encodeURIComponent(sockets)}`,
      pid: server.pid,
      exited: server.exited.then(() => undefined),
      stop: async () => {
        await stopServer(server);
        giveUp();
      },
    };
  } catch (error) {
    giveUp();
    throw error;
  }
}

function makeDataDirectory(dataDir: string): string {
  if (!existsSync(dataDir)) {
    mkdirSync(dataDir, { recursive: true });
    // As root the server is another user, who must pass this folder; what is in it is closed by its own modes.
    chmodSync(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
  }
  return dataDir;
}

function makeSocketDirectory(dataDir: string, owner: { uid: number; gid: number } | undefined): string {
  const beside = join(dataDir, 'socket');
  const fits = Buffer.byteLength(join(beside, socketName)) <= longestSocketPath;
  const name = `recert-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`;
  const folder = fits ? beside : join(tmpdir(), name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid } = lstatSync(folder);
  const expected = [owner?.uid, process.getuid?.()];
  if (!lstatSync(folder).isDirectory() || !expected.includes(uid)) {
    throw new Error(`${folder} is not ours (user id ${uid}): remove it, or choose a shorter path for the data.`);
  }
  giveTo(owner, folder);
  return folder;
}

interface ServerStart {
  binaries: Binaries;
  cluster: string;
  sockets: string;
  account: ServerAccount;
  options: EmbeddedPostgresOptions;
}

/** Tries again while sessions of a server that was killed still hold its shared memory: they end by themselves. */
async function startServer(start: ServerStart): Promise<Tethered> {
  const deadline = performance.now() + stopTimeoutMs;
  for (;;) {
    try {
      return await startOnce(start);
    } catch (error) {
      const isHeld = (error as Error).message.includes('pre-existing shared memory block');
      if (!isHeld || performance.now() > deadline) throw error;
      await sleep(sessionsPollMs);
    }
  }
}

async function startOnce({ binaries, cluster, sockets, account, options }: ServerStart): Promise<Tethered> {
  const settings = settingArguments({ ...options.settings, unix_socket_directories: `"${sockets}"` });
  const server = await spawnTethered(binaries.postgres, ['-D', cluster, ...settings], {
    ...account,
    // The fast shutdown: open connections are ended, everything is written down.
    signal: 'INT',
    env: serverEnvironment,
    cwd: '/',
  });
  const lastLines = keepLines(server, options.log);
  let ended = false;
  void server.exited.then(() => (ended = true));
  const deadline = performance.now() + startTimeoutMs;
  while (!isReady(cluster, server.pid)) {
    if (ended) throw new Error(`PostgreSQL on ${cluster} ended at once. It said:\n${lastLines.join('\n')}`);
    if (performance.now() > deadline) {
      await stopServer(server);
      throw new Error(`PostgreSQL on ${cluster} is not ready yet. It said:\n${lastLines.join('\n')}`);
    }
    await sleep(pollMs);
  }
  return server;
}

/** Passes the server's lines on and keeps the last ones for an error. */
function keepLines(server: Tethered, log: ((line: string) => void) | undefined): readonly string[] {
  const lines: string[] = [];
  server.child.stdout.resume();
  createInterface({ input: server.child.stderr }).on('line', (line) => {
    if (lines.push(line) > 20) lines.shift();
    log?.(line);
  });
  return lines;
}

async function stopServer(server: Tethered): Promise<void> {
  const impatience = setTimeout(() => server.child.kill('SIGQUIT'), stopTimeoutMs);
  await server.release();
  clearTimeout(impatience);
}
