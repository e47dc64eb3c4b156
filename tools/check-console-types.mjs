// Whether the console's types are those of the API's description. `npm run types` in apps/web makes them anew.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspace } from './install.mjs';

const folder = join(workspace, 'apps/web');
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [join(folder, 'node_modules/openapi-typescript/bin/cli.js'), join(workspace, 'docs/openapi.json')],
  { encoding: 'utf8', maxBuffer: 2 ** 26 },
);
if (status !== 0) {
  console.error(stderr);
  process.exit(1);
}
if (stdout.trim() !== readFileSync(join(folder, 'src/api/schema.d.ts'), 'utf8').trim()) {
  console.error('apps/web/src/api/schema.d.ts is not what docs/openapi.json says: run "npm run types" in apps/web.');
  process.exit(1);
}
