import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { natsUrlOf, natsUsers } from './nats-users';
import { spawnService, startNatsServer, testDatabase, type FakeTelegram, type SpawnedService } from '@recert/testing';
import { Doors } from './doors';

const ROOT = resolve(__dirname, '../../../..');
const SERVICES = ['registry', 'scheduler', 'notifier', 'kpi-ingest', 'alert-relay'];
export const SENTRY_SECRET = 'the-client-secret-of-the-story-0123456789';
export const ADMIN_TOKEN = 'the-admin-token-of-the-story';

/** An installation as a user has it: processes of the built code, reached through their public doors only. */
export interface Installation {
  readonly doors: Doors;
  readonly folder: string;
  readonly libraryPath: string;
  start(): Promise<void>;
  /** kill -9 of one process, or of the only one, and a new start of it. */
  killOneAndRestart(which: number): Promise<void>;
  stop(): Promise<void>;
}

/** One whose processes can be had one by one, by the names of their services. */
export interface Processes extends Installation {
  readonly services: readonly string[];
  /** `kill -9`; it stays dead until it is started. */
  kill(service: string): Promise<void>;
  /** SIGTERM, and waits for the end. */
  stopService(service: string): Promise<void>;
  /** @param env beside its own, for this one start, such as `{ NODE_OPTIONS: '--require ..' }` */
  startService(service: string, env?: Readonly<Record<string, string>>): Promise<void>;
  /** The process that was started last, also when it has ended. */
  process(service: string): SpawnedService;
  /**
   * Starts another process of it beside the one there is, as a deploy does. The doors lead to the old one until that is
   * stopped by what this returns, and then to the new one.
   */
  startBeside(service: string): Promise<{ readonly address: string; takeOver(): Promise<void> }>;
}

function baseEnvironment(folder: string, telegram: FakeTelegram): Record<string, string> {
  return {
    RECERT_ADMIN_TOKEN: ADMIN_TOKEN,
    LIBRARY: join(folder, 'processes.md'),
    LIBRARY_BASE_URL: 'https://example.org/processes.md',
    LIBRARY_REFRESH: 'off',
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    ORG_TIMEZONE: 'Europe/Berlin',
    ASK_HOURS: 'always',
    SENTRY_CLIENT_SECRET: SENTRY_SECRET,
    SPOOL_DIR: join(folder, 'spool'),
    LOG_LEVEL: 'warn',
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve_) => server.listen(0, '127.0.0.1', resolve_));
  const { port } = server.address() as { port: number };
  await new Promise((resolve_) => server.close(resolve_));
  return port;
}

interface Part {
  readonly app: string;
  port: number;
  readonly env: Record<string, string>;
}

class RunningProcesses implements Processes {
  readonly doors: Doors;
  readonly libraryPath: string;
  private readonly running = new Map<string, SpawnedService>();
  /** What has not started cannot be killed. */
  private started: Promise<unknown> = Promise.resolve();

  constructor(
    readonly folder: string,
    private readonly parts: readonly Part[],
  ) {
    this.libraryPath = join(folder, 'processes.md');
    const address = (app: string): string =>
      `http://127.0.0.1:${(parts.find((part) => part.app === app) ?? parts[0]!).port}`;
    this.doors = new Doors(address, ADMIN_TOKEN);
  }

  async start(): Promise<void> {
    this.started = Promise.all(this.parts.map(({ app }) => this.startService(app)));
    await this.started;
  }

  async killOneAndRestart(which: number): Promise<void> {
    const service = this.services[which % this.parts.length]!;
    await this.kill(service);
    await this.startService(service);
  }

  get services(): readonly string[] {
    return this.parts.map(({ app }) => app);
  }

  process(service: string): SpawnedService {
    const running = this.running.get(service);
    if (running === undefined) throw new Error(`${service} was never started: there is ${this.services.join(', ')}`);
    return running;
  }

  async kill(service: string): Promise<void> {
    await this.started;
    await this.process(service).kill9();
  }

  async stopService(service: string): Promise<void> {
    await this.started;
    await this.process(service).stop();
  }

  async startService(service: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.running.set(service, await this.spawn(this.partOf(service), env));
  }

  async startBeside(service: string): Promise<{ address: string; takeOver(): Promise<void> }> {
    const part = this.partOf(service);
    const port = await freePort();
    const old = this.process(service);
    const beside = await this.spawn({ ...part, port });
    return {
      address: `http://127.0.0.1:${port}`,
      takeOver: async () => {
        this.running.set(service, beside);
        await old.stop();
        part.port = port;
      },
    };
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running.values()].map((service) => service.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private partOf(service: string): Part {
    const part = this.parts.find(({ app }) => app === service);
    if (part === undefined) throw new Error(`there is no service ${service}, but ${this.services.join(', ')}`);
    return part;
  }

  private spawn(part: Part, env: Readonly<Record<string, string>> = {}): Promise<SpawnedService> {
    return spawnService({
      command: process.execPath,
      args: [join(ROOT, 'apps', part.app, 'dist/main.js')],
      env: { ...part.env, PORT: String(part.port), ...env },
      timeoutMs: 60_000,
      readyUrl: `http://127.0.0.1:${part.port}/health/ready`,
    });
  }
}

/** Everything in one process, as `npm start` runs it, on its embedded PostgreSQL and the postgres transport. */
export async function standaloneInstallation(telegram: FakeTelegram): Promise<Processes> {
  const folder = mkdtempSync(join(tmpdir(), 'recert-story-'));
  const env = { ...baseEnvironment(folder, telegram), RECERT_DATA: join(folder, 'data') };
  return new RunningProcesses(folder, [{ app: 'standalone', port: await freePort(), env }]);
}

/** How an installation may be run. */
export const KINDS = ['standalone on the postgres transport', 'separate services on JetStream'] as const;

/** @param undo gets what stops the installation and what it stands on, to be run from the last to the first */
export async function installationOf(
  kind: (typeof KINDS)[number],
  telegram: FakeTelegram,
  undo: (() => Promise<unknown>)[],
): Promise<Installation> {
  const installation = kind.startsWith('standalone')
    ? await standaloneInstallation(telegram)
    : await onServersOfItsOwn(telegram, undo);
  undo.push(() => installation.stop());
  return installation;
}

async function onServersOfItsOwn(telegram: FakeTelegram, undo: (() => Promise<unknown>)[]): Promise<Installation> {
  const database = await testDatabase();
  undo.push(() => database.drop());
  const nats = await startNatsServer({ config: natsUsers() });
  undo.push(() => nats.stop());
  return separateServices(telegram, database.url, (app) => natsUrlOf(app, nats.url));
}

/**
 * Each service a process of its own, on one PostgreSQL and on JetStream.
 * @param natsUrl of each service
 * @param folder where its library is
 */
export async function separateServices(
  telegram: FakeTelegram,
  databaseUrl: string,
  natsUrl: (service: string) => string,
  folder = mkdtempSync(join(tmpdir(), 'recert-story-')),
): Promise<Processes> {
  const env = { ...baseEnvironment(folder, telegram), DATABASE_URL: databaseUrl };
  const parts = SERVICES.map(async (app) => ({ app, port: await freePort(), env: { ...env, BUS_URL: natsUrl(app) } }));
  return new RunningProcesses(folder, await Promise.all(parts));
}
