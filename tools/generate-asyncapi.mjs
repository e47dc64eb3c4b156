// Writes docs/asyncapi.yaml from the contracts; with `--check` only says whether it is current and right.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { stringify } from 'yaml';

const require = createRequire(import.meta.url);
require('./load-typescript.js');
const { allEvents } = require('../libs/contracts/src/events/index.ts');
const { asyncApi } = require('../libs/contracts/src/events/asyncapi.ts');

const HEAD = '# Written by `node tools/generate-asyncapi.mjs` from libs/contracts/src/events. Do not edit.\n';
const file = fileURLToPath(new URL('../docs/asyncapi.yaml', import.meta.url));
const document = asyncApi(allEvents);
const text =
  HEAD +
  stringify(document, {
    ...{ lineWidth: 0, aliasDuplicateObjects: false, singleQuote: true, blockQuote: 'literal' },
  });

const faults = faultsOf(document);
if (faults.length > 0) {
  console.error(`The contracts make no right AsyncAPI document:\n${faults.join('\n')}`);
  process.exitCode = 1;
} else if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (text !== readFileSync(file, 'utf8')) {
  console.error('docs/asyncapi.yaml is not what libs/contracts says: run `node tools/generate-asyncapi.mjs`.');
  process.exitCode = 1;
}

/** What AsyncAPI's own schema says against it. */
function faultsOf(candidate) {
  const ajv = new Ajv.default({ strict: false, allErrors: true, validateSchema: false });
  addFormats.default(ajv, ['uri', 'uri-reference', 'uri-template', 'email', 'regex']);
  const validate = ajv.compile(require('@asyncapi/specs/schemas/3.0.0-without-$id.json'));
  return validate(candidate) ? [] : validate.errors.map(({ instancePath, message }) => `${instancePath}: ${message}`);
}
