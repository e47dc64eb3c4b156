import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(__dirname, '../../..');
/** What a clone does not have. */
const MADE_HERE = new Set(['node_modules', 'dist', '.git', '.nx', '.data', '.cache', 'coverage']);
const MINUTE = 60_000;

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
      const tested = await run('jest', '--selectProjects', 'integration', '--', 'apps/late-invoices');
      expect(tested).toContain('1 passed, 1 total');
      await expect(run('pnpm', 'nx', 'g', './tools/generators:module', 'late-invoices')).rejects.toThrow(
        'is there already',
      );
    },
    5 * MINUTE,
  );
});
