// `npm run chaos [-- T4 .. --seed 17 --short --report]`: attacks the running system, each scenario with its whole numbers.
// `--short` takes those of `npm test`; `--report` writes the figures into docs/reliability.md.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt, ensureInstalled, workspace } from './install.mjs';
import { describeMachine, writeBetweenMarks } from './measured-table.mjs';
import { provisionNats } from './provision-nats.mjs';

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string' }, short: { type: 'boolean' }, report: { type: 'boolean' } },
  allowPositionals: true,
});
const wrong = positionals.find((id) => !/^T\d{1,2}$/.test(id));
if (wrong !== undefined) {
  console.error(`"${wrong}" is no scenario: they are called T1, T2 ..; docs/reliability.md lists them.`);
  process.exit(2);
}
if (values.report && positionals.length > 0) {
  console.error('--report writes the table of all scenarios: name none.');
  process.exit(2);
}

const doc = join(workspace, 'docs/reliability.md');
/** @returns the lines of one scenario in the table */
function rows({ id, promise, seed, isLong, seconds, passed, figures }) {
  const said = figures.map(({ what, figure, bound }) => `${what} ${figure}${bound === null ? '' : ` (${bound})`}`);
  return `| ${id} | ${promise} | ${said.join('<br>')} | ${isLong ? 'whole' : 'short'}: ${seconds} s, seed ${seed} | ${passed ? 'holds' : '**broken**'} |`;
}

function writeReport(played) {
  const head = '| | promise | found (must be) | played in | |\n| --- | --- | --- | --- | --- |';
  writeBetweenMarks(doc, 'figures', [`${describeMachine()}.`, '', head, ...played.map(rows)].join('\n'));
}

ensureInstalled();
ensureBuilt();
await provisionNats();
const folder = mkdtempSync(join(tmpdir(), 'recert-chaos-'));
const report = join(folder, 'report.jsonl');
const jest = join(workspace, 'node_modules/jest/bin/jest.js');
const chosen = positionals.length === 0 ? [] : ['-t', positionals.map((id) => `\\b${id} `).join('|')];
const { status } = spawnSync(
  process.execPath,
  [jest, '--selectProjects', 'chaos', '--runInBand', '--forceExit', ...chosen],
  {
    cwd: workspace,
    stdio: 'inherit',
    env: {
      ...process.env,
      CHAOS_LONG: values.short ? '0' : '1',
      CHAOS_REPORT: report,
      ...(values.seed === undefined ? {} : { CHAOS_SEED: values.seed }),
    },
  },
);
const lines = existsSync(report) ? readFileSync(report, 'utf8').trim().split('\n') : [];
const number = ({ id }) => Number(id.slice(1));
const played = lines.map((line) => JSON.parse(line)).sort((a, b) => number(a) - number(b));
rmSync(folder, { recursive: true, force: true });
for (const one of played)
  for (const { what, figure, bound, kept } of one.figures)
    console.log(
      `${kept ? 'ok    ' : 'BROKEN'} ${one.id} ${what}: ${figure}${bound === null ? '' : `, must be ${bound}`}`,
    );
console.log(`${played.length} scenarios played, ${played.filter(({ passed }) => !passed).length} broken`);
if (values.report) writeReport(played);
process.exitCode = status === 0 && played.length > 0 ? 0 : 1;
