import { spawnTethered, type Tethered } from '@recert/embedded-postgres';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isProgram, placesOf } from './find-program';

export interface NatsServerOptions {
  /** Where the streams are; a temporary folder by default, which `stop` removes. */
  storeDir?: string;
  /** A free one by default; give the old one to come back where clients look for it. */
  port?: number;
  /** More lines for the server's configuration. */
  config?: string;
}

export interface NatsServer {
  /** `nats://127.0.0.1:<port>` */
  url: string;
  port: number;
  /** `http://127.0.0.1:<port>` of the monitoring pages. */
  monitorUrl: string;
  pid: number;
  storeDir: string;
  /** Such as `2.9.10`. */
  version: string;
  /** Ends the server in good order and removes its store when it was a temporary one. May be called twice. */
  stop(): Promise<void>;
  /** `kill -9`; the store stays, so that `startNatsServer({ storeDir, port })` finds what was on the disk. */
  kill(): Promise<void>;
}

const readyTimeoutMs = 10_000;
const pollMs = 10;
const temporaryPrefix = join(tmpdir(), 'recert-nats-');

/** The nats-server on the PATH (or where Debian puts it), else the provisioned one. Throws what to do when none is. */
export function findNatsServer(): string {
  const provisioned = resolve(__dirname, '../../../.cache/nats-server');
  const found = [...placesOf(['nats-server'], '/usr/sbin'), provisioned].find(isProgram);
  if (found !== undefined) return found;
  throw new Error('No nats-server on the PATH nor in .cache: run `node tools/provision-nats.mjs` (npm test does it).');
}

/** Starts a real nats-server with JetStream on files, on loopback, and waits until it is healthy. */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  const program = findNatsServer();
  const version = versionOf(program);
  const storeDir = options.storeDir ?? mkdtempSync(temporaryPrefix);
  const configFile = join(storeDir, 'nats-server.conf');
  writeFileSync(configFile, configuration({ ...options, storeDir, version }));
  const server = await spawnTethered(program, ['--config', configFile], { signal: 'INT', env: {}, cwd: storeDir });
  const said: string[] = [];
  const listen = (chunk: Buffer): void => void said.push(chunk.toString());
  server.child.stdout.on('data', listen);
  server.child.stderr.on('data', listen);
  const { client, monitorUrl } = await whenReady(server, storeDir, said);
  return {
    url: client,
    port: Number(new URL(client).port),
    monitorUrl,
    pid: server.pid,
    storeDir,
    version,
    stop: async () => {
      await server.release();
      if (storeDir.startsWith(temporaryPrefix)) rmSync(storeDir, { recursive: true, force: true });
    },
    kill: async () => {
      server.child.kill('SIGKILL');
      await server.exited;
    },
  };
}

function versionOf(program: string): string {
  const said = execFileSync(program, ['--version'], { encoding: 'utf8' });
  const version = /v(\d+\.\d+\.\d+\S*)/.exec(said)?.[1];
  if (version === undefined) throw new Error(`${program} --version said "${said.trim()}", which names no version.`);
  return version;
}

/** The text of the configuration; from 2.10 on with every acknowledged message on the disk. */
export function configuration(of: NatsServerOptions & { storeDir: string; version: string }): string {
  const [major = 0, minor = 0] = of.version.split('.').map(Number);
  const syncs = major > 2 || (major === 2 && minor >= 10);
  return [
    `listen: "127.0.0.1:${of.port ?? -1}"`,
    'http: "127.0.0.1:-1"',
    `ports_file_dir: ${JSON.stringify(of.storeDir)}`,
    `jetstream { store_dir: ${JSON.stringify(of.storeDir)}${syncs ? ', sync_interval: always' : ''} }`,
    of.config ?? '',
  ].join('\n');
}

/** The server writes its addresses into a file when it listens; only then the health page can be asked. */
async function whenReady(
  server: Tethered,
  storeDir: string,
  said: readonly string[],
): Promise<{ client: string; monitorUrl: string }> {
  const deadline = performance.now() + readyTimeoutMs;
  let ended = false;
  void server.exited.then(() => (ended = true));
  while (!ended && performance.now() < deadline) {
    const addresses = addressesIn(join(storeDir, `nats-server_${server.pid}.ports`));
    if (addresses !== undefined && (await isHealthy(addresses.monitorUrl))) return addresses;
    await sleep(pollMs);
  }
  server.child.kill('SIGKILL');
  throw new Error(`nats-server ${ended ? 'ended at once' : 'was not ready in time'}. It said:\n${said.join('')}`);
}

function addressesIn(file: string): { client: string; monitorUrl: string } | undefined {
  try {
    const { nats, monitoring } = JSON.parse(readFileSync(file, 'utf8')) as { nats: string[]; monitoring: string[] };
    return nats[0] === undefined || monitoring[0] === undefined
      ? undefined
      : { client: nats[0], monitorUrl: monitoring[0] };
  } catch {
    // Not there yet, or not written to its end.
    return undefined;
  }
}

async function isHealthy(monitorUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${monitorUrl}/healthz`)).ok;
  } catch {
    return false;
  }
}
