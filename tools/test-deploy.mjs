// `npm run test:deploy`: the images, the stack on a droplet, and deploys. Where there is no Docker engine it starts one of its own.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, workspace } from './install.mjs';

const run = (program, args, options = {}) => spawnSync(program, args, { cwd: workspace, stdio: 'inherit', ...options });

/** @returns the environment of an engine, or a sentence that says why there is none */
function engine() {
  if (spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0) return { env: {}, isOurs: false };
  const isDebian = existsSync('/etc/debian_version') && /^12/.test(readFileSync('/etc/debian_version', 'utf8'));
  if (process.getuid?.() !== 0 || !isDebian) {
    return { why: 'there is no Docker engine, and one of its own takes root on Debian 12' };
  }
  const { status, stdout } = run('bash', ['deploy/test/engine.sh'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) return { why: 'no Docker engine could be started (see above)' };
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  return { env: Object.fromEntries(pairs), isOurs: true };
}

ensureInstalled();
ensureBuilt();
const found = engine();
if (found.why !== undefined) {
  console.log(`\nSKIPPED: the deployment was not tested: ${found.why}.`);
  console.log('0 passed, 0 failed, 1 skipped');
} else {
  const env = { ...process.env, ...found.env };
  try {
    const bases = run('bash', ['deploy/test/bases.sh'], { env });
    const jest = [
      join('node_modules', 'jest', 'bin', 'jest.js'),
      '--selectProjects',
      'deploy',
      ...process.argv.slice(2),
    ];
    process.exitCode = bases.status === 0 ? (run(process.execPath, jest, { env }).status ?? 1) : 1;
  } finally {
    if (found.isOurs) run('bash', ['deploy/test/engine-down.sh'], { env });
  }
}
