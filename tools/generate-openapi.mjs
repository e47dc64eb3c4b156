// Writes docs/openapi.json from the built standalone; with `--check` only says whether it is current.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { openApiText } = require('../apps/standalone/dist/openapi-text.js');

const file = fileURLToPath(new URL('../docs/openapi.json', import.meta.url));
const document = await openApiText();

if (!process.argv.includes('--check')) {
  writeFileSync(file, document);
} else if (document !== readFileSync(file, 'utf8')) {
  console.error('docs/openapi.json is not what the code says: run `npm run build && node tools/generate-openapi.mjs`.');
  process.exitCode = 1;
}
