import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connectTransport, newEventId, type Passing, type Transport } from '@recert/bus';
import { ProcessCertified, TaskRegistered } from '@recert/contracts';
import { eventually, startNatsServer, type NatsServer } from '@recert/testing';

const MODULE = resolve(__dirname, '../../../examples/python-module/count_certificates.py');
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;
if (!hasPython)
  process.stderr.write('SKIPPED: there is no Python 3.9 or newer, so the module in Python is not tested\n');

(hasPython ? describe : describe.skip)('the module in Python', () => {
  let server: NatsServer;
  let bus: Transport;
  let folder: string;
  let python: ChildProcess | undefined;
  const seen: Passing[] = [];

  beforeAll(async () => {
    server = await startNatsServer();
    bus = connectTransport(server.url, 'test', silent);
    await bus.ready();
    await bus.observe({ saw: (event) => void seen.push(event), missed: () => undefined });
    folder = mkdtempSync(join(tmpdir(), 'recert-python-'));
  });
  afterAll(async () => {
    await stop('SIGKILL');
    await bus.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  async function start(): Promise<void> {
    const env = { ...process.env, NATS_URL: server.url, COUNTS: join(folder, 'counts.sqlite') };
    const child = spawn('python3', [MODULE], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    python = child;
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
    });
  }
  async function stop(signal: NodeJS.Signals): Promise<void> {
    const child = python;
    python = undefined;
    if (child === undefined) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await exited;
  }

  async function certified(by: string): Promise<string> {
    const id = newEventId();
    const attributes = { id, source: 'registry', type: ProcessCertified.subject, time: new Date().toISOString() };
    const payload = JSON.stringify({ ...ProcessCertified.example, by });
    await bus.publish([{ attributes: { ...attributes, correlationId: id, causationId: null }, payload }]);
    return id;
  }
  const counts = (): [string, number][] =>
    seen
      .filter(({ subject }) => subject === 'outside.certificate-count')
      .map(({ payload }) => JSON.parse(payload.toString()) as { person: string; certificates: number })
      .map(({ person, certificates }) => [person, certificates]);
  const counted = (expected: [string, number][]): Promise<void> =>
    eventually(() => {
      expect(counts()).toEqual(expected);
      return Promise.resolve();
    }, 15_000);

  it('says that it exists, and counts what was certified before it was there', async () => {
    const first = await certified('ada');
    await certified('ada');
    await start();
    await counted([
      ['ada', 1],
      ['ada', 2],
    ]);
    const registered = seen.find(({ subject }) => subject === TaskRegistered.subject);
    expect(TaskRegistered.schema.parse(JSON.parse(registered!.payload.toString()))).toMatchObject({
      taskId: 'count-certificates',
      trigger: { event: 'process.certified' },
    });
    const said = seen.find(({ subject }) => subject === 'outside.certificate-count');
    expect(said!.attributes).toMatchObject({
      source: 'count-certificates',
      correlationId: first,
      causationId: first,
    });
  }, 30_000);

  it('counts each certificate once, also killed in between and told again', async () => {
    await stop('SIGKILL');
    await certified('bob');
    await certified('ada');
    await start();
    await counted([
      ['ada', 1],
      ['ada', 2],
      ['bob', 1],
      ['ada', 3],
    ]);
    await stop('SIGTERM');
    // JetStream forgets what was acknowledged, and delivers everything anew.
    await bus.forget('count-certificates');
    await certified('bob');
    await start();
    await eventually(() => {
      expect(counts().slice(4)).toEqual([['bob', 2]]);
      return Promise.resolve();
    }, 15_000);
  }, 60_000);
});
