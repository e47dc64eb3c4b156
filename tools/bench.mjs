// `npm run bench [name ..]`: runs bench/<name>.bench.mjs, all of them by default, one after the other.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureConsoleBuilt, ensureInstalled, workspace } from './install.mjs';
import { provisionNats } from './provision-nats.mjs';

ensureInstalled();
ensureBuilt();
ensureConsoleBuilt();
await provisionNats();

const folder = join(workspace, 'bench');
const suffix = '.bench.mjs';
const all = readdirSync(folder).filter((file) => file.endsWith(suffix));
const names = all.map((file) => file.slice(0, -suffix.length));
const chosen = process.argv.length > 2 ? process.argv.slice(2) : names;

for (const name of chosen) {
  if (!names.includes(name)) {
    console.error(`There is no benchmark ${name}; there are: ${names.join(', ') || 'none'}.`);
    process.exitCode = 1;
    continue;
  }
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, [join(folder, name + suffix)], { cwd: workspace, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
