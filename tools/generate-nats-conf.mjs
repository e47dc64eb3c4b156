// Writes deploy/nats/recert.conf from the built standalone; with `--check` only says whether it is current.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { natsConfText } = require('../apps/standalone/dist/nats-conf-text.js');

const file = fileURLToPath(new URL('../deploy/nats/recert.conf', import.meta.url));
const text = await natsConfText();

if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (text !== readFileSync(file, 'utf8')) {
  console.error(
    'deploy/nats/recert.conf is not what the code says: run `npm run build && node tools/generate-nats-conf.mjs`.',
  );
  process.exitCode = 1;
}
