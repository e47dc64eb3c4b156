import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Binaries } from './binaries';
import { type ServerAccount, serverEnvironment } from './server-account';
import { settingArguments } from './settings';

export const role = 'recert';
export const database = 'recert';

/** Nobody but the role logs in, the bootstrap superuser neither: it has no line here. */
const accessRules = `local all ${role} scram-sha-256\n`;

/** The password of the role: made once, kept beside the cluster, readable by us alone. */
export function passwordIn(dataDir: string): string {
  const file = join(dataDir, 'password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, `${password}\n`, { mode: 0o600, flag: 'wx' });
  return password;
}

/**
 * Runs one of the programs to its end and throws with what it said when it fails. It needs no tether: initdb takes a
 * second, and the single-user server ends with its input.
 */
async function run(account: ServerAccount, program: string, args: readonly string[], input = ''): Promise<void> {
  const { prefix, ...ids } = account;
  const [command = '', ...rest] = [...prefix, program, ...args];
  // Detached, because Ctrl-C in a terminal is ours to act on.
  const child = spawn(command, rest, { ...ids, env: serverEnvironment, cwd: '/', detached: true, stdio: 'pipe' });
  let said = '';
  const keep = (chunk: Buffer): void => void (said = (said + chunk.toString()).slice(-4000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const how = await new Promise<string | number>((resolve, reject) => {
    child.once('close', (code, signal) => resolve(signal ?? code ?? 0)).once('error', reject);
  });
  if (how !== 0) throw new Error(`${program} failed (${how}):\n${said.trim()}`);
}

/** The folder of the cluster, whether it exists yet or not. */
export const clusterIn = (dataDir: string): string => join(dataDir, 'cluster');

/**
 * Makes a new cluster with the role and its database. It gets its name when it is complete, so that a start that was
 * killed half-way leaves nothing that looks like data.
 */
export async function createCluster(
  dataDir: string,
  binaries: Binaries,
  accountFor: (folder: string) => ServerAccount,
): Promise<void> {
  removeHalfMade(dataDir);
  const folder = join(dataDir, `cluster.new-${process.pid}`);
  mkdirSync(folder, { mode: 0o700 });
  const account = accountFor(folder);
  // Peer lets initdb make a superuser without a password; it does not outlive the access rules below.
  const methods = ['--auth-local=peer', '--auth-host=reject'];
  const flags = ['--no-locale', '--encoding=UTF8', '--no-sync', '--no-instructions', '--username=postgres'];
  await run(account, binaries.initdb, [...flags, ...methods, '-D', folder]);
  writeFileSync(join(folder, 'pg_hba.conf'), accessRules);
  const setUp = [
    `CREATE ROLE ${role} LOGIN CREATEDB PASSWORD '${passwordIn(dataDir)}';`,
    `CREATE DATABASE ${database} OWNER ${role};`,
  ];
  // In single-user mode a line is a statement, and only exit_on_error turns a failing one into a failure.
  const single = ['--single', '-D', folder, ...settingArguments({ exit_on_error: 'on', fsync: 'off' }), 'postgres'];
  await run(account, binaries.postgres, single, `${setUp.join('\n')}\n`);
  renameSync(folder, clusterIn(dataDir));
}

function removeHalfMade(dataDir: string): void {
  for (const name of readdirSync(dataDir).filter((entry) => entry.startsWith('cluster.new-'))) {
    try {
      rmSync(join(dataDir, name), { recursive: true, force: true });
    } catch {
      // An initdb whose starter was killed may still be writing here; it ends by itself and the next start removes it.
    }
  }
}
