// `npm run models [-- alert-model --seed 17 --path 44 --runs 50000]`: plays the models and the oracles of
// dates further than `npm test` does, or one of them again as it failed.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, packages, workspace } from './install.mjs';

const RUNS = 50_000;
const SUFFIX = /^(.+-(?:model|oracle))\.spec\.ts$/;
const names = packages()
  .flatMap((folder) => readdirSync(join(workspace, folder), { recursive: true }))
  .flatMap((file) => SUFFIX.exec(file.split('/').at(-1))?.[1] ?? [])
  .filter((name, i, all) => all.indexOf(name) === i);

function refuse(sentence) {
  console.error(sentence);
  process.exit(2);
}

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string' }, path: { type: 'string' }, runs: { type: 'string' } },
  allowPositionals: true,
});
const wrong = positionals.find((name) => !names.includes(name));
if (wrong !== undefined) refuse(`"${wrong}" is no model: they are called ${names.join(', ')}.`);
if (values.seed !== undefined && !/^-?\d{1,10}$/.test(values.seed))
  refuse('--seed takes the whole number that was said.');
if (values.path !== undefined && !/^\d+(:\d+)*$/.test(values.path)) refuse('--path takes what stood behind "path".');
if (values.path !== undefined && values.seed === undefined) refuse('--path means nothing without its --seed.');
if (values.runs !== undefined && !/^[1-9]\d{0,8}$/.test(values.runs)) refuse('--runs takes a whole number above 0.');
// Several properties would take the same path for their own.
if (values.seed !== undefined && positionals.length !== 1)
  refuse(`--seed is of one model: name it (${names.join(', ')}).`);

ensureInstalled();
const chosen = positionals.length === 0 ? names : positionals;
const jest = join(workspace, 'node_modules/jest/bin/jest.js');
// Of the path only the run counts: how it was shrunk leaves out what was never carried out, and is found again.
const [run] = values.path?.split(':') ?? [];
const { status } = spawnSync(
  process.execPath,
  [
    jest,
    ...['--selectProjects', 'unit', '--runInBand', '--testTimeout', String(3_600_000)],
    ...['--testPathPatterns', `/(${chosen.join('|')})\\.spec\\.ts$`],
  ],
  {
    cwd: workspace,
    stdio: 'inherit',
    env: {
      ...process.env,
      MODEL_WHOLE: '1',
      ...(values.seed === undefined ? { MODEL_RUNS: values.runs ?? String(RUNS) } : { MODEL_SEED: values.seed }),
      ...(values.seed !== undefined && values.runs !== undefined ? { MODEL_RUNS: values.runs } : {}),
      ...(run === undefined ? {} : { MODEL_PATH: run }),
    },
  },
);
process.exitCode = status ?? 1;
