// Writes deploy/droplet/cloud-init.yaml out of the scripts beside it; with `--check` only says whether it is current.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../deploy/droplet/', import.meta.url);
const there = '/usr/local/share/recert';
const file = fileURLToPath(new URL('cloud-init.yaml', folder));

function written(name) {
  const lines = readFileSync(new URL(name, folder), 'utf8').replace(/\n$/, '').split('\n');
  const content = lines.map((line) => (line === '' ? '' : `      ${line}`));
  return [`  - path: ${there}/${name}`, "    permissions: '0755'", '    content: |', ...content];
}

const text = [
  '#cloud-config',
  '# Written by `node tools/generate-cloud-init.mjs` out of provision.sh and recert-deploy. Do not edit what is below the key.',
  '# The user data of a new droplet: put the public key of whoever deploys behind DEPLOY_KEY=, in the same quotes.',
  '# What it did is at the end of /var/log/cloud-init-output.log.',
  'runcmd:',
  `  - [env, 'DEPLOY_KEY=', ${there}/provision.sh]`,
  'write_files:',
  ...written('provision.sh'),
  ...written('recert-deploy'),
  '',
].join('\n');

if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (text !== readFileSync(file, 'utf8')) {
  console.error(
    'deploy/droplet/cloud-init.yaml is not what its scripts are: run `node tools/generate-cloud-init.mjs`.',
  );
  process.exitCode = 1;
}
