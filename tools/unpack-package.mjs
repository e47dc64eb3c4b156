import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onPath } from './find-program.mjs';

/** Runs a program to its end. @returns what it said @throws Error with what it complained of */
export function runToEnd(command, args, cwd) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', env });
  if (result.status !== 0)
    throw new Error(`${command} ${args.join(' ')}: ${(result.stderr || String(result.error)).trim()}`);
  return result.stdout;
}

/** A folder that is gone when `use` has ended. */
export async function withTemporaryFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'recert-program-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts a program into its place whole or not at all. */
export function keepProgram(program, place) {
  mkdirSync(dirname(place), { recursive: true });
  copyFileSync(program, `${place}.new`);
  chmodSync(`${place}.new`, 0o755);
  renameSync(`${place}.new`, place);
  return place;
}

/**
 * Takes one program out of a package of Debian or Ubuntu. Only unpacks it, as root too: installing it would start a service that
 * nobody asked for.
 * @param inside where the program lies in the package @param place where it is kept @throws Error when it cannot be had
 */
export function unpackPackage(name, inside, place) {
  return withTemporaryFolder((folder) => {
    if (onPath(['apt-get']) === undefined) throw new Error('no apt-get here');
    const download = () => runToEnd('apt-get', ['download', name], folder);
    try {
      download();
    } catch (error) {
      // A fresh container has no package lists, and only root may fetch them.
      if (process.getuid() !== 0) throw error;
      runToEnd('apt-get', ['update']);
      download();
    }
    const [archive] = readdirSync(folder).filter((file) => file.endsWith('.deb'));
    runToEnd('dpkg', ['-x', archive, 'unpacked'], folder);
    return keepProgram(join(folder, 'unpacked', inside), place);
  });
}
