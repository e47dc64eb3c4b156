import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { must, ROOT, run } from './commands';

const SERVICES = ['registry', 'scheduler', 'notifier', 'kpi-ingest', 'alert-relay'];
const ALL = [...SERVICES, 'console'];
const CONFIGURATION = ['docker-compose.yml', 'deploy/caddy', 'deploy/nats', 'deploy/postgres', 'deploy/droplet'];

describe('what a merge deploys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recert-plan-'));
  let first: string;

  const git = (...args: string[]): Promise<string> =>
    must('git', ['-C', folder, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args]);

  /** A commit that changes these files. @returns the version that it is */
  async function commit(...files: string[]): Promise<string> {
    for (const file of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      appendFileSync(join(folder, file), '\n');
    }
    await git('add', '.');
    await git('commit', '-q', '-m', 'change');
    return git('rev-parse', '--short=12', 'HEAD');
  }

  /** As deploy/what-runs.sh says it of a droplet whose configuration is that of the folder. */
  async function whatRuns(versions: Readonly<Record<string, string>>): Promise<string> {
    const lines = Object.entries(versions).map(
      ([service, version]) => `${service}   ghcr.io/acme/recert-${service}:${version}   Up 2 hours (healthy)`,
    );
    const env = { RECERT_HOME: folder };
    const sums = await must('deploy/droplet/recert-deploy', ['configuration'], { env });
    return `SERVICE IMAGE STATUS\ncaddy caddy:2-alpine Up\n${lines.join('\n')}\n${sums}\n`;
  }

  const allIn = (version: string): Record<string, string> => Object.fromEntries(ALL.map((name) => [name, version]));

  function plan(said: string, ...more: string[]): ReturnType<typeof run> {
    return run(process.execPath, ['tools/plan-deploy.mjs', '--repository', folder, ...more], { input: said });
  }

  /** @returns the services, in their order */
  async function planned(versions: Readonly<Record<string, string>>): Promise<string[]> {
    const { said } = await plan(await whatRuns(versions));
    const services = /^services=(.*)$/m.exec(said)?.[1];
    if (services === undefined) throw new Error(said);
    return services.split(' ').filter(Boolean);
  }

  beforeAll(async () => {
    await must('git', ['init', '-q', '-b', 'main', folder]);
    for (const part of CONFIGURATION) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    writeFileSync(join(folder, '.gitignore'), '.env\n');
    writeFileSync(join(folder, '.env'), '');
    first = await commit('README.md');
  });
  beforeEach(() => git('reset', '-q', '--hard', first));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each<[string, string[], string[]]>([
    ['a library of all services', ['libs/bus/src/index.ts'], SERVICES],
    ['the console', ['apps/web/src/main.tsx'], ['console']],
    ['what the console shows of the API', ['docs/openapi.json'], ['console']],
    ['one service, its tests and a document', ['apps/notifier/src/main.ts', 'libs/bus/src/a.spec.ts'], ['notifier']],
    ['documents', ['docs/http.md', 'README.md', 'CHANGELOG.md'], []],
    ['tests', ['libs/bus/src/x.int-spec.ts', 'apps/e2e/src/y.e2e-spec.ts', 'apps/web/src/z.spec.tsx'], []],
    ['how images are made', ['deploy/Dockerfile'], ALL],
    ['how the health of services is asked for', ['deploy/healthy.sh'], SERVICES],
  ])('is, of a change in %s, what has it in its image', async (_, files, services) => {
    await commit(...files);
    expect(await planned(allIn(first))).toEqual(services);
  });

  it('knows everything that the Dockerfile puts into images', async () => {
    const dockerfile = readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files]) => files!.split(' '));
    const files = copied.filter((file) => !['apps', 'libs'].includes(file));
    expect(files.length).toBeGreaterThan(5);
    const base = first;
    for (const file of files) {
      await git('reset', '-q', '--hard', base);
      await commit(file);
      expect([file, (await planned(allIn(base))).length > 0]).toEqual([file, true]);
    }
  });

  it('is, after a deploy that failed, also what that one did not bring', async () => {
    const failed = await commit('apps/scheduler/src/main.ts');
    await commit('apps/kpi-ingest/src/main.ts');
    expect(await planned(allIn(first))).toEqual(['scheduler', 'kpi-ingest']);
    // Had it brought its part, only the rest would be missing.
    expect(await planned({ ...allIn(first), scheduler: failed })).toEqual(['kpi-ingest']);
  });

  it('is everything of which the version is not known, and what does not run', async () => {
    const { console: _, ...running } = allIn(first);
    expect(await planned({ ...running, registry: 'local' })).toEqual(['registry', 'console']);
  });

  it('is nothing that is newer already', async () => {
    const newer = await commit('deploy/Dockerfile');
    await git('branch', '-f', 'kept');
    await git('reset', '-q', '--hard', first);
    expect(await planned(allIn(newer))).toEqual([]);
  });

  it('waits for configuration that the droplet has not, whatever else there is', async () => {
    const said = await whatRuns(allIn(first));
    await commit('deploy/nats/recert.conf', 'deploy/droplet/recert-deploy', 'deploy/healthy.sh');
    const refused = await plan(said);
    expect(refused.code).toBe(1);
    expect(refused.said).toMatch(
      /other configuration .*: deploy\/droplet\/recert-deploy, deploy\/nats\/recert\.conf\. /,
    );
    expect(refused.said).not.toContain('services=');
    const all = await plan(said, '--any-configuration');
    expect([all.code, all.said]).toEqual([0, expect.stringContaining(`services=${SERVICES.join(' ')}\n`)]);
  });

  it('is nothing where nothing runs yet: the first time is by hand', async () => {
    const { code, said } = await plan(await whatRuns({}));
    expect([code, said]).toEqual([1, expect.stringContaining('the first deploy is by hand')]);
  });

  it('is in the version that deploy.sh takes, of the services that it knows', async () => {
    const script = readFileSync(join(ROOT, 'deploy/deploy.sh'), 'utf8');
    const services = /^services='(.*)'$/m.exec(script)![1]!.split(' ');
    const head = await commit('deploy/Dockerfile');
    const { said } = await plan(await whatRuns(allIn(first)));
    expect(said).toContain(`services=${services.join(' ')}\nversion=${head}\n`);
  });
});
