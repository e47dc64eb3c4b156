import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type PersonView, type ProcessView, type TaskCreated, type TaskView } from '@recert/contracts';
import {
  eventually,
  findSystemPostgres,
  spawnService,
  type SpawnedService,
  startSystemPostgres,
  type SystemPostgres,
} from '@recert/testing';
import { Client } from 'pg';

const ROOT = resolve(__dirname, '../../..');
const ADMIN_TOKEN = 'the-admin-token-of-the-backup';
const programs = findSystemPostgres();

if (programs === null) {
  process.stderr.write('SKIPPED: no PostgreSQL with initdb and pg_dump was found, so no installation is restored\n');
}

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

(programs === null ? describe.skip : describe)('an installation', () => {
  let server: SystemPostgres;
  let folder: string;
  let service: SpawnedService;
  let url: string;
  let key: { identity: string; recipient: string };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'recert-restore-'));
    server = await startSystemPostgres(programs!);
    const client = new Client({ connectionString: server.url('postgres') });
    await client.connect();
    await client.query('create database recert');
    await client.end();
    key = JSON.parse((await recert(['backup', 'key', '--json'])).out) as typeof key;
    await start();
  });
  afterAll(async () => {
    await service.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    service = await spawnService({
      command: process.execPath,
      args: [join(ROOT, 'apps/standalone/dist/main.js')],
      readyLine: /Console/,
      env: {
        ...{ PORT: '0', RECERT_DATA: folder, DATABASE_URL: server.url('recert'), RECERT_ADMIN_TOKEN: ADMIN_TOKEN },
        ...{ LIBRARY: join(ROOT, 'docs/processes.md'), LIBRARY_REFRESH: 'off' },
      },
    });
    url = /http:\S+/.exec(await service.waitForLine(/Console/))![0];
  }

  /** The command line as a process of its own, compiled as it is in its container. */
  function recert(line: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const env = {
      ...{ PATH: `${programs!}:/usr/bin:/bin`, RECERT_URL: url, RECERT_TOKEN: ADMIN_TOKEN, BACKUP_TO: folder },
      ...{ DATABASE_URL: server?.url('recert'), BACKUP_RECIPIENT: key?.recipient, BACKUP_IDENTITY: key?.identity },
      ...more,
    };
    return new Promise((done) => {
      execFile(process.execPath, [join(ROOT, 'apps/cli/dist/main.js'), ...line], { env }, (error, out, err) =>
        done({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });
  }

  async function json<T>(...line: string[]): Promise<T> {
    const { code, out, err } = await recert([...line, '--json']);
    expect({ line, code, err }).toEqual({ line, code: 0, err: '' });
    return JSON.parse(out) as T;
  }

  async function add(handle: string): Promise<void> {
    const answer = await fetch(`${url}/api/people`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ handle, name: handle, roles: ['owner'] }),
    });
    expect(answer.status).toBe(201);
  }

  const handles = async () => (await json<PersonView[]>('people')).map(({ handle }) => handle).sort();

  it('is backed up while it runs, tells its own hub, and is what it was when it is restored', async () => {
    await add('newton');
    const task = await json<TaskCreated>(
      'task',
      'add',
      'Backup',
      '--id',
      'backup',
      '--owner',
      'newton',
      '--every',
      'daily',
    );
    const processes = await json<ProcessView[]>('processes');
    const people = await handles();
    expect(processes.length).toBeGreaterThan(5);

    const made = await recert(['backup'], { BACKUP_TASK_TOKEN: task.token });
    expect(made).toMatchObject({ code: 0, err: '' });
    await eventually(async () => {
      const tasks = await json<TaskView[]>('tasks', '--service', 'outside');
      expect(tasks).toMatchObject([{ id: 'backup', state: 'up' }]);
    }, 20_000);
    await add('after-the-backup');

    const refused = await recert(['restore', 'latest']);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/^Somebody is still in the database recert: postgres \(\d+\)\./);
    expect(await handles()).toContain('after-the-backup');

    await service.stop();
    expect(await recert(['restore', 'latest'])).toMatchObject({ code: 0, err: '' });
    await start();
    expect(await handles()).toEqual(people);
    expect((await json<ProcessView[]>('processes')).map(({ id }) => id)).toEqual(processes.map(({ id }) => id));
    expect((await recert(['audit', 'verify'])).code).toBe(0);
    // It goes on: what is written now is appended to the same chain.
    await add('after-the-restore');
    expect((await recert(['audit', 'verify'])).code).toBe(0);
  }, 180_000);
});
