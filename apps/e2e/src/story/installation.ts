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
  readonly port: number;
  readonly env: Record<string, string>;
}

class Processes implements Installation {
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
    this.started = Promise.all(this.parts.map((part) => this.startPart(part)));
    await this.started;
  }

  async killOneAndRestart(which: number): Promise<void> {
    await this.started;
    const part = this.parts[which % this.parts.length]!;
    await this.running.get(part.app)?.kill9();
    await this.startPart(part);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running.values()].map((service) => service.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async startPart(part: Part): Promise<void> {
    const service = await spawnService({
      command: process.execPath,
      args: [join(ROOT, 'apps', part.app, 'dist/main.js')],
      env: { ...part.env, PORT: String(part.port) },
      timeoutMs: 60_000,
      readyUrl: `http://127.0.0.1:${part.port}/health/ready`,
    });
    this.running.set(part.app, service);
  }
}

/** Everything in one process, as `npm start` runs it, on its embedded PostgreSQL and the postgres transport. */
export async function standaloneInstallation(telegram: FakeTelegram): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'recert-story-'));
  const env = { ...baseEnvironment(folder, telegram), RECERT_DATA: join(folder, 'data') };
  return new Processes(folder, [{ app: 'standalone', port: await freePort(), env }]);
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
): Promise<Installation> {
  const env = { ...baseEnvironment(folder, telegram), DATABASE_URL: databaseUrl };
  const parts = SERVICES.map(async (app) => ({ app, port: await freePort(), env: { ...env, BUS_URL: natsUrl(app) } }));
  return new Processes(folder, await Promise.all(parts));
}
