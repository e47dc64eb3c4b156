// Writes docs/events.md from the contracts; with `--check` only says whether it is current.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
require('./load-typescript.js');
const { allEvents } = require('../libs/contracts/src/events/index.ts');
const { eventsDoc } = require('../libs/contracts/src/events/events-doc.ts');

const file = fileURLToPath(new URL('../docs/events.md', import.meta.url));
const document = eventsDoc(allEvents);

if (!process.argv.includes('--check')) {
  writeFileSync(file, document);
} else if (document !== readFileSync(file, 'utf8')) {
  console.error('docs/events.md is not what libs/contracts says: run `node tools/generate-events-doc.mjs`.');
  process.exitCode = 1;
}
