// What a fresh clone needs before anything can run. Plain Node: nothing is installed yet when this does.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const workspace = fileURLToPath(new URL('..', import.meta.url));

const pnpm = 'pnpm@10.34.9';
const oldestNode = [20, 19];
const lockStamp = join(workspace, 'node_modules', '.recert-lock');
const buildStamp = join(workspace, 'node_modules', '.recert-build');

const readIfThere = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

/** Ends the process with a message for a person, not with a stack. */
function giveUp(message) {
  console.error(message);
  process.exit(1);
}

/** Runs a program quietly; what it said is shown only when it fails. */
function runQuietly(what, command, args, env = process.env) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: workspace, env, encoding: 'utf8' });
  if (status !== 0) giveUp(`${what} failed:\n${error?.message ?? `${stdout}${stderr}`}`);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    giveUp(
      `Recert needs Node ${oldestNode.join('.')} or newer, and this is ${process.versions.node}: https://nodejs.org`,
    );
  }
}

/** Installs the packages of the lockfile, unless this has happened already. */
export function ensureInstalled() {
  checkNode();
  const lock = createHash('sha256')
    .update(readFileSync(join(workspace, 'pnpm-lock.yaml')))
    .digest('hex');
  if (readIfThere(lockStamp) === lock) return;
  console.log('Installing packages (about a minute the first time)');
  // In production mode the compiler would be left out; CI keeps pnpm from asking questions.
  const env = { ...process.env, CI: 'true' };
  delete env.NODE_ENV;
  runQuietly('Installing packages', 'npx', ['-y', pnpm, 'install', '--frozen-lockfile'], env);
  writeFileSync(lockStamp, lock);
}

/** The folders of the workspace's packages. */
export function packages() {
  return ['apps', 'libs'].flatMap((group) =>
    readdirSync(join(workspace, group))
      .map((name) => join(group, name))
      .filter((folder) => existsSync(join(workspace, folder, 'package.json'))),
  );
}

/** The folders of the packages that are compiled. */
export function compiledPackages() {
  return JSON.parse(readFileSync(join(workspace, 'tsconfig.json'), 'utf8')).references.map(({ path }) => path);
}

/** Compiles everything, unless no source has changed since. */
export function ensureBuilt() {
  const state = sourceState();
  const isComplete = compiledPackages().every((folder) => existsSync(join(workspace, folder, 'dist', '.tsbuildinfo')));
  if (isComplete && readIfThere(buildStamp) === state) return;
  console.log('Compiling');
  runQuietly('Compiling', process.execPath, [join(workspace, 'node_modules/typescript/bin/tsc'), '-b']);
  writeFileSync(buildStamp, state);
}

const consoleFolder = join(workspace, 'apps/web');
const consoleStamp = join(workspace, 'node_modules', '.recert-console');

/** Builds the console, unless nothing that it is made of has changed since. */
export function ensureConsoleBuilt() {
  const hash = createHash('sha256');
  const sources = readdirSync(join(consoleFolder, 'src'), { recursive: true }).map((name) => join('src', name));
  for (const name of ['index.html', 'package.json', 'vite.config.mjs', '../../pnpm-lock.yaml', ...sources.sort()]) {
    const { size, mtimeMs } = statSync(join(consoleFolder, name));
    hash.update(`${name} ${size} ${mtimeMs}\n`);
  }
  const state = hash.digest('hex');
  if (existsSync(join(consoleFolder, 'dist/index.html')) && readIfThere(consoleStamp) === state) return;
  console.log('Building the console');
  runQuietly('Building the console', process.execPath, [
    join(consoleFolder, 'node_modules/vite/bin/vite.js'),
    'build',
    consoleFolder,
    '--config',
    join(consoleFolder, 'vite.config.mjs'),
  ]);
  writeFileSync(consoleStamp, state);
}

/** Changes with every file that the compiler reads: its path, size and time of change. */
function sourceState() {
  const hash = createHash('sha256');
  const add = (file) => {
    const { size, mtimeMs } = statSync(join(workspace, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  };
  ['pnpm-lock.yaml', 'tsconfig.base.json', 'tsconfig.json'].forEach(add);
  for (const folder of compiledPackages()) {
    add(join(folder, 'tsconfig.json'));
    const source = join(folder, 'src');
    if (!existsSync(join(workspace, source))) continue;
    const files = readdirSync(join(workspace, source), { recursive: true }).filter((name) =>
      /\.(ts|tsx|json)$/.test(name),
    );
    files.sort().forEach((name) => add(join(source, name)));
  }
  return hash.digest('hex');
}
