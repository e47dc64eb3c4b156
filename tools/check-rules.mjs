// Has Prometheus' own promtool read the alert rules, run their tests and read the example of a configuration.
// `node tools/check-rules.mjs`
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { provisionPromtool } from './provision-promtool.mjs';

const folder = fileURLToPath(new URL('../deploy/prometheus', import.meta.url));

/** @returns whether all of it is as it should be; what is not was printed */
export async function checkRules() {
  const program = await provisionPromtool();
  const runs = [
    ['check', 'rules', 'rules.yml'],
    ['test', 'rules', 'rules.test.yml'],
    ['check', 'config', 'prometheus.yml'],
  ];
  return runs
    .map((args) => spawnSync(program, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0)
    .every(Boolean);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = (await checkRules()) ? 0 : 1;
