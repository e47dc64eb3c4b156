// `npm run bench [-- name .. --report]`: runs bench/<name>.bench.mjs, all of them by default, one after the other.
// `--report` writes the figures of all into bench/README.md.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { grouped, wantedOf } from '../bench/figures.mjs';
import { ensureBuilt, ensureConsoleBuilt, ensureInstalled, workspace } from './install.mjs';
import { describeMachine, writeBetweenMarks } from './measured-table.mjs';
import { provisionNats } from './provision-nats.mjs';

ensureInstalled();
ensureBuilt();
ensureConsoleBuilt();
await provisionNats();

const folder = join(workspace, 'bench');
const suffix = '.bench.mjs';
const all = readdirSync(folder).filter((file) => file.endsWith(suffix));
const names = all.map((file) => file.slice(0, -suffix.length));
const { values, positionals } = parseArgs({ options: { report: { type: 'boolean' } }, allowPositionals: true });
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are: ${names.join(', ')}.`);
  process.exit(2);
}
if (values.report && positionals.length > 0) {
  console.error('--report writes the table of all benchmarks: name none.');
  process.exit(2);
}

const temporary = mkdtempSync(join(tmpdir(), 'recert-bench-'));
const figures = join(temporary, 'figures.jsonl');
const before = loadavg()[0];
for (const name of positionals.length > 0 ? positionals : names) {
  console.log(`\n== ${name}`);
  const env = { ...process.env, BENCH_FIGURES: figures };
  const { status } = spawnSync(process.execPath, [join(folder, name + suffix)], {
    cwd: workspace,
    stdio: 'inherit',
    env,
  });
  if (status !== 0) process.exitCode = 1;
}
const lines = existsSync(figures) ? readFileSync(figures, 'utf8').trim().split('\n') : [];
rmSync(temporary, { recursive: true, force: true });

/** @returns the line of one figure in the table */
function row({ what, at, value, unit, floor, isKept, ...wanted }) {
  const said = wantedOf({ ...wanted, unit });
  const cells = [what, at ?? '', said, `${grouped(value)} ${unit}`, floor === undefined ? '' : grouped(floor)];
  return `| ${cells.join(' | ')} | ${said === '' ? '' : isKept ? 'reached' : '**not reached**'} |`;
}

if (values.report) {
  const head =
    '| what | of how many | wanted | measured | floor in the same run | |\n| --- | --- | --- | --- | --- | --- |';
  const machine = `${describeMachine()}, ${cpus()[0].model.trim()}; load ${before.toFixed(1)} when it began.`;
  const table = [machine, '', head, ...lines.map((line) => row(JSON.parse(line)))].join('\n');
  writeBetweenMarks(join(folder, 'README.md'), 'figures', table);
}
