// `npm run recert -- ...`: the command line, of a clone in which nothing was built yet as well.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, workspace } from './install.mjs';

ensureInstalled();
ensureBuilt();
const main = join(workspace, 'apps/cli/dist/main.js');
process.exitCode = spawnSync(process.execPath, [main, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
