import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@recert/embedded-postgres';
import { type FakeTelegram, type NatsServer, startFakeTelegram, startNatsServer } from '@recert/testing';
import { Client } from 'pg';
import { separateServices, type Processes } from '../story/installation';
import { natsUrlOf, natsUsers } from '../story/nats-users';
import { BEFORE, writeLibrary } from '../story/story-library';

const NATS_OPTIONS = { config: natsUsers() };

/** Separate services on a PostgreSQL and a NATS of their own, all of which can be killed. */
export class AttackedSystem {
  private postgres!: EmbeddedPostgres;
  private nats!: NatsServer;
  private services!: Processes;
  private readonly folder = mkdtempSync(join(tmpdir(), 'recert-chaos-'));

  private constructor(readonly telegram: FakeTelegram) {}

  /** Starts all of it. @param undo gets what ends it, to be run from the last to the first */
  static async start(undo: (() => Promise<unknown>)[]): Promise<AttackedSystem> {
    const telegram = await startFakeTelegram();
    undo.push(() => telegram.stop());
    const system = new AttackedSystem(telegram);
    const { folder } = system;
    undo.push(async () => rmSync(folder, { recursive: true, force: true }));
    system.postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
    undo.push(() => system.postgres.stop());
    system.nats = await startNatsServer(NATS_OPTIONS);
    undo.push(() => system.nats.stop());
    const { url } = system.nats;
    system.services = await separateServices(telegram, system.postgres.url, (app) => natsUrlOf(app, url));
    undo.push(() => system.services.stop());
    writeLibrary(system.services.libraryPath, BEFORE);
    await system.services.start();
    return system;
  }

  get installation(): Processes {
    return this.services;
  }

  /** With a role that may read every schema. */
  get databaseUrl(): string {
    return this.postgres.url;
  }

  get natsUrl(): string {
    return this.nats.url;
  }

  /** `kill -9` of the server, and a new start on what is on the disk. @param downMs how long nothing is there meanwhile */
  async killPostgres(downMs = 0): Promise<void> {
    process.kill(this.postgres.pid, 'SIGKILL');
    await this.postgres.exited;
    await sleep(downMs);
    this.postgres = await startEmbeddedPostgres({ dataDir: join(this.folder, 'postgres') });
  }

  /** Ends one of the sessions of the services, as an administrator or a pooler does. */
  async endSession(which: number): Promise<void> {
    const client = new Client({ connectionString: this.databaseUrl });
    await client.connect();
    try {
      await client.query(
        `with session as (select pid, row_number() over (order by pid) - 1 as n, count(*) over () as all_of_them
           from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend')
         select pg_terminate_backend(pid) from session where n = $1 % all_of_them`,
        [which],
      );
    } finally {
      await client.end();
    }
  }

  /** `kill -9` of the bus; its store stays. */
  async killNats(): Promise<void> {
    await this.nats.kill();
  }

  /** After it was killed, where its clients look for it. @param wiped whether it has lost its store */
  async startNats({ wiped = false }: { readonly wiped?: boolean } = {}): Promise<void> {
    const { storeDir, port } = this.nats;
    if (wiped) rmSync(join(storeDir, 'jetstream'), { recursive: true });
    this.nats = await startNatsServer({ ...NATS_OPTIONS, storeDir, port });
  }
}
