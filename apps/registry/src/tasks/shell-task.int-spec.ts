import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { RegistryOfTasks } from '../fixtures/registry-of-tasks';

const SCRIPT = resolve(__dirname, '../../../../examples/shell-task/run-task.sh');
const hasCurl = spawnSync('curl', ['--version']).status === 0;
if (!hasCurl) process.stderr.write('SKIPPED: there is no curl, so the task in shell is not tested\n');

(hasCurl ? describe : describe.skip)('the task in shell', () => {
  let database: TestDatabase;
  let hub: RegistryOfTasks;
  let token: string;

  beforeEach(async () => {
    database = await testDatabase();
    hub = await RegistryOfTasks.start(database.url, new MovableClock(new Date()));
    ({ token } = await hub.add());
  });
  afterEach(async () => {
    await hub.stop();
    await database.drop();
  });

  /** Not synchronously: the registry is in this process. */
  const run = (
    url: string,
    ...command: string[]
  ): Promise<Pick<SpawnSyncReturns<string>, 'status' | 'stdout' | 'stderr'>> =>
    new Promise((done) => {
      const env = { ...process.env, RECERT_URL: url, RECERT_TOKEN: token };
      const child = execFile('sh', [SCRIPT, 'nightly-backup', ...command], { env }, (_error, stdout, stderr) =>
        done({ status: child.exitCode, stdout, stderr }),
      );
    });
  const reports = async (): Promise<[string, string | null][]> =>
    (await hub.show()).reports.map(({ status, log }) => [status, log]);

  it('tells of its start and its end, with what was said, and is silent about nothing', async () => {
    const { status, stdout, stderr } = await run(hub.registry.process.url, 'echo', 'all of "it"');
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'all of "it"\n', stderr: '' });
    await eventually(async () =>
      expect((await reports()).sort()).toEqual([
        ['start', null],
        ['success', 'all of "it"\n'],
      ]),
    );
  });

  it('ends as its command does, and says so', async () => {
    const { status } = await run(hub.registry.process.url, 'sh', '-c', 'echo no >&2; exit 3');
    expect(status).toBe(3);
    await eventually(async () => expect(await reports()).toContainEqual(['fail', 'no\n']));
  });

  it('runs its command also while Recert cannot be reached', async () => {
    const { status, stdout, stderr } = await run('http://127.0.0.1:9', 'echo', 'done');
    expect([status, stdout]).toEqual([0, 'done\n']);
    expect(stderr).toContain('Recert was not told of success');
  }, 60_000);
});
