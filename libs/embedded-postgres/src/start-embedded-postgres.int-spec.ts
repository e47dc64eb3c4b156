import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start-embedded-postgres';

const workspace = join(__dirname, '../../..');

// Made by mkdtemp, it is closed to others (0700): as root the server's account cannot pass it without help.
const parent = mkdtempSync(join(tmpdir(), 'recert-pg-'));
// One for most tests: to set up a new one takes a second each.
const dataDir = join(parent, 'data');
const started: EmbeddedPostgres[] = [];
const owners: ChildProcess[] = [];

afterEach(async () => {
  for (const owner of owners.splice(0)) {
    const isGone = owner.exitCode !== null || owner.signalCode !== null;
    owner.kill('SIGKILL');
    // Until it is, the directory is not free for the next test.
    if (!isGone) await once(owner, 'exit');
  }
  for (const server of started.splice(0)) await server.stop();
  await expect(serversOn(parent)).resolves.toEqual([]);
});

afterAll(() => rmSync(parent, { recursive: true, force: true }));

const start = async (dir = dataDir): Promise<EmbeddedPostgres> => {
  const server = await startEmbeddedPostgres({ dataDir: dir });
  started.push(server);
  return server;
};

const query = async <T extends object>(url: string, text: string): Promise<T[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
};

/** The pids of all processes that have the folder in their command line, once they had two seconds to go. */
async function serversOn(folder: string): Promise<string[]> {
  let found: string[] = [];
  for (let waited = 0; waited < 2000; waited += 50) {
    found = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(folder) && line.includes('postgres '));
    if (found.length === 0) return [];
    await sleep(50);
  }
  return found;
}

/** Another process that owns the data directory and prints `<pid of the server> <url>`. */
async function startInAnotherProcess(dir: string): Promise<{ owner: ChildProcess; serverPid: number; url: string }> {
  const program = `
    const { startEmbeddedPostgres } = require('./libs/embedded-postgres/src/index.ts');
    startEmbeddedPostgres({ dataDir: process.argv[1] }).then(({ pid, url }) => console.log(pid + ' ' + url));
  `;
  const node = ['--require', './tools/load-typescript.js', '-e', program, dir];
  const owner = spawn(process.execPath, node, { cwd: workspace, stdio: ['ignore', 'pipe', 'ignore'] });
  owners.push(owner);
  const lines = createInterface({ input: owner.stdout })[Symbol.asyncIterator]();
  const { value: line = '' } = (await lines.next()) as { value?: string };
  if (line === '') throw new Error('It did not start.');
  const [pid, url = ''] = line.split(' ');
  return { owner, serverPid: Number(pid), url };
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('the embedded PostgreSQL', () => {
  it('sets itself up below a closed folder and keeps its data over a stop and a start', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept_over_stop (n int)');
    await query(first.url, 'INSERT INTO kept_over_stop VALUES (42)');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);

    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'SELECT n FROM kept_over_stop')).toEqual([{ n: 42 }]);
  });

  it('does not run as root, listens on no port, and lets in only who has the password', async () => {
    const server = await start();
    const uid = Number(execFileSync('ps', ['-o', 'uid=', '-p', String(server.pid)], { encoding: 'utf8' }));
    expect(uid).not.toBe(0);
    expect(await query(server.url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '' }]);

    const password = join(dataDir, 'password');
    expect(statSync(password).mode & 0o777).toBe(0o600);
    const wrong = server.url.replace(readFileSync(password, 'utf8').trim(), 'wrong');
    await expect(query(wrong, 'SELECT 1')).rejects.toThrow('password authentication failed');
    const superuser = server.url.replace('//recert:', '//postgres:');
    await expect(query(superuser, 'SELECT 1')).rejects.toThrow('no pg_hba.conf entry');
    expect(await query(server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = 'recert'")).toEqual([
      { rolsuper: false },
    ]);
  });

  it('is out of the way of Ctrl-C in our terminal', async () => {
    const server = await start();
    const groups = execFileSync('ps', ['-o', 'pgid=', '-p', `${server.pid},${process.pid}`], { encoding: 'utf8' });
    const [one, other] = groups.trim().split(/\s+/);
    expect(one).not.toBe(other);
  });

  it('goes to exactly one of several that start at once on what a dead owner left', async () => {
    const left = await startInAnotherProcess(dataDir);
    left.owner.kill('SIGKILL');
    await once(left.owner, 'exit');
    const owner = join(dataDir, 'owner.pid');
    expect(readFileSync(owner, 'utf8')).toContain(`${left.owner.pid} `);
    const attempts = await Promise.allSettled(Array.from({ length: 6 }, () => startInAnotherProcess(dataDir)));
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const winner = attempts.find((attempt) => attempt.status === 'fulfilled');
    expect(readFileSync(owner, 'utf8')).toContain(`${winner?.value.owner.pid} `);
    expect(await query(winner?.value.url ?? '', 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('writes every commit to the disk', async () => {
    const server = await start();
    const names = "('fsync', 'synchronous_commit', 'full_page_writes')";
    const rows = await query<{ setting: string }>(server.url, `SELECT setting FROM pg_settings WHERE name IN ${names}`);
    expect(rows.map((row) => row.setting)).toEqual(['on', 'on', 'on']);
  });

  it('is refused to a second owner, who learns the pid of the first', async () => {
    const { owner, url } = await startInAnotherProcess(dataDir);
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
      `already running (pid ${owner.pid}) on this data directory: ${dataDir}`,
    );
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('is refused to its own owner a second time', async () => {
    await start();
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(`already running (pid ${process.pid})`);
  });

  it('ends when its owner is killed with kill -9, and nobody touches it', async () => {
    const { owner } = await startInAnotherProcess(dataDir);
    owner.kill('SIGKILL');
    await expect(serversOn(dataDir)).resolves.toEqual([]);
  });

  it('starts at once after kill -9 of its owner and has everything that was committed', async () => {
    const { owner, url } = await startInAnotherProcess(dataDir);
    await query(url, 'CREATE TABLE kept_without_owner AS SELECT 42 AS n');
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const next = await start();
    expect(await query(next.url, 'SELECT n FROM kept_without_owner')).toEqual([{ n: 42 }]);
  });

  it('starts after kill -9 of the owner and the server together', async () => {
    const { owner, serverPid, url } = await startInAnotherProcess(dataDir);
    await query(url, 'CREATE TABLE kept_without_both AS SELECT 42 AS n');
    process.kill(serverPid, 'SIGKILL');
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const next = await start();
    expect(await query(next.url, 'SELECT n FROM kept_without_both')).toEqual([{ n: 42 }]);
  });

  it('waits for the sessions of a killed server before it starts another on their shared memory', async () => {
    const { owner, serverPid, url } = await startInAnotherProcess(dataDir);
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    // A session that computes does not notice the death of its server.
    const busy = client.query('SELECT count(*) FROM generate_series(1, 5000000)').catch(() => undefined);
    await sleep(100);
    process.kill(serverPid, 'SIGKILL');
    await once(owner, 'exit');
    const next = await start();
    expect(await query(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await busy;
    await client.end().catch(() => undefined);
  });

  it('does not believe a pid file whose pid belongs to another program', async () => {
    const first = await start();
    await first.stop();
    const other = spawn('sleep', ['60']);
    owners.push(other);
    const file = join(dataDir, 'cluster', 'postmaster.pid');
    writeFileSync(file, `${other.pid}\n${join(dataDir, 'cluster')}\n1\n5432\n\n\n\nready\n`);
    const second = await start();
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(isAlive(other.pid ?? 0)).toBe(true);
  });

  it('does not believe an owner file whose pid belongs to a later process', async () => {
    writeFileSync(join(dataDir, 'owner.pid'), `${process.pid} 1\n`);
    const server = await start();
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('leaves no owner file and no pid file when it is stopped, and can be stopped twice', async () => {
    const server = await start();
    await server.stop();
    await server.stop();
    expect(existsSync(join(dataDir, 'owner.pid'))).toBe(false);
    expect(existsSync(join(dataDir, 'cluster', 'postmaster.pid'))).toBe(false);
  });

  it('puts its socket elsewhere when the path of the data is too long for one', async () => {
    const long = join(parent, 'd'.repeat(100), 'data');
    const server = await start(long);
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(new URL(server.url).searchParams.get('host')).not.toContain(long);
  });

  it('says what PostgreSQL said when it does not start', async () => {
    const first = await start();
    await first.stop();
    const settings = { shared_buffers: 'a lot' };
    await expect(startEmbeddedPostgres({ dataDir, settings })).rejects.toThrow('invalid value for parameter');
    const next = await start();
    expect(await query(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('works where others may pass, too, and then needs no capability', async () => {
    const open = mkdtempSync(join(tmpdir(), 'recert-pg-'));
    chmodSync(open, 0o755);
    const server = await start(join(open, 'data'));
    if (process.platform === 'linux') {
      const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
      // Where the clone itself lies in a folder closed to others, the programs are out of reach without the right.
      const right = canOthersPass(__dirname) ? '0000000000000000' : '0000000000000002';
      expect(/CapEff:\s*(\w+)/.exec(status)?.[1]).toBe(right);
    }
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
    rmSync(open, { recursive: true });
  });
});

/** Whether every folder from the root down to this one lets everybody pass. */
function canOthersPass(folder: string): boolean {
  const isOpen = (statSync(folder).mode & 0o001) !== 0;
  return isOpen && (folder === dirname(folder) || canOthersPass(dirname(folder)));
}
