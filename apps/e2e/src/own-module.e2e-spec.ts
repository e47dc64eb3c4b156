import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';

const ROOT = resolve(__dirname, '../../..');
/** What a clone does not have. */
const MADE_HERE = new Set(['node_modules', 'dist', '.git', '.nx', '.data', '.cache', 'coverage']);
const MINUTE = 60_000;

/** It has an image, a container, a role, a user of NATS, passwords, and may be deployed alone. */
function expectDeployment(clone: string): void {
  const read = (file: string): string => readFileSync(join(clone, file), 'utf8');
  const { services } = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Container> };
  expect(services['late-invoices']).toMatchObject({
    ...{ image: '${RECERT_IMAGES:-recert}-late-invoices:${LATE_INVOICES_VERSION:-local}', read_only: true },
    environment: { BUS_URL: 'nats://late-invoices:${LATE_INVOICES_NATS_PASSWORD}@nats:4222' },
  });
  expect(Object.keys(services['postgres']!.environment)).toContain('LATE_INVOICES_DB_PASSWORD');
  expect(read('deploy/Dockerfile')).toContain('FROM plain AS base-late-invoices\n');
  expect(read('deploy/postgres/create-roles.sh')).toContain('role late-invoices "$LATE_INVOICES_DB_PASSWORD"\n');
  expect(read('deploy/nats/recert.conf')).toMatch(/user: late-invoices\n[^}]*"lateinvoices\.counted"/);
  for (const file of ['deploy/deploy.sh', 'deploy/droplet/recert-deploy'])
    expect(read(file)).toMatch(/^services='.* late-invoices console'$/m);
}

interface Container {
  readonly environment: Readonly<Record<string, string>>;
}

describe("a module of one's own", () => {
  let clone: string;

  beforeAll(() => {
    clone = mkdtempSync(join(tmpdir(), 'recert-clone-'));
    cpSync(ROOT, clone, { recursive: true, filter: (path) => !MADE_HERE.has(basename(path)) });
  });
  afterAll(() => rmSync(clone, { recursive: true, force: true }));

  /** @throws Error with everything that it said when it did not succeed */
  async function run(program: string, ...args: string[]): Promise<string> {
    const bins = [join(clone, 'node_modules/.bin'), join(ROOT, 'node_modules/.bin'), process.env['PATH']];
    const env = { ...process.env, PATH: bins.join(delimiter), NX_DAEMON: 'false', CI: 'true', FORCE_COLOR: '0' };
    try {
      const { stdout, stderr } = await promisify(execFile)(program, args, { cwd: clone, env, maxBuffer: 2 ** 26 });
      return stdout + stderr;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${program} ${args.join(' ')} has failed:\n${stdout}\n${stderr}`, { cause: error });
    }
  }

  it(
    'is made by one command, compiles, keeps the house rules, and puts an event on the bus',
    async () => {
      await run('pnpm', 'install', '--offline', '--frozen-lockfile');
      const said = await run('pnpm', 'nx', 'g', './tools/generators:module', 'late-invoices');
      expect(said).toContain('The service late-invoices is in apps/late-invoices');
      // What the new package takes is there; which versions there are has to be asked of the registry.
      await run('pnpm', 'install', '--prefer-offline', '--no-frozen-lockfile');
      await run('tsc', '-b');
      await run('node', 'tools/check-tags.mjs');
      await run('prettier', '--check', 'apps/late-invoices', 'libs/contracts/src', 'apps/standalone');
      await run('node', 'tools/generate-asyncapi.mjs');
      await run('node', 'tools/generate-nats-conf.mjs');
      expectDeployment(clone);
      const tested = await run('jest', '--selectProjects', 'integration', '--', 'apps/late-invoices');
      expect(tested).toContain('1 passed, 1 total');
      await expect(run('pnpm', 'nx', 'g', './tools/generators:module', 'late-invoices')).rejects.toThrow(
        'is there already',
      );
    },
    5 * MINUTE,
  );
});
