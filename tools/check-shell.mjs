// Whether shellcheck has something to say of the scripts that run on servers: `node tools/check-shell.mjs`.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workspace } from './install.mjs';
import { onPath } from './find-program.mjs';
import { installPackages, mayInstall } from './system-package.mjs';

const FOLDERS = ['deploy', 'examples', '.ci'];

/** Returns the path of shellcheck, or throws one error that says how to get it. */
export function provisionShellcheck() {
  const present = onPath(['shellcheck']);
  if (present !== undefined) return present;
  const complaint = mayInstall() ? installPackages('shellcheck') : 'install it from https://www.shellcheck.net';
  const found = onPath(['shellcheck']);
  if (found === undefined) throw new Error(`There is no shellcheck, so the scripts go unchecked: ${complaint}`);
  return found;
}

/** Files that say in their first line that a shell is to run them. */
function scripts() {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(workspace, folder), { recursive: true }).map((name) => join(folder, name)),
  );
  return files.filter((file) => {
    const path = join(workspace, file);
    return statSync(path).isFile() && /^#!.*\b(ba)?sh\b/.test(readFileSync(path, 'utf8').split('\n', 1)[0]);
  });
}

/** @returns whether nothing is wrong with them; what is wrong is printed */
export function checkShell() {
  const files = scripts();
  const { status } = spawnSync(provisionShellcheck(), files, { cwd: workspace, stdio: 'inherit' });
  if (status === 0) console.log(`${files.length} shell scripts have no finding`);
  return status === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = checkShell() ? 0 : 1;
