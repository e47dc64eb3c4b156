import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lintWorkflow } from './lint-workflow';

const PINNED = 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683';

/** A workflow with one step that runs here, or over ssh. */
function workflow(script: readonly string[], where: 'run' | 'script' = 'script'): string {
  const indent = where === 'run' ? '          ' : '            ';
  const body = script.map((line) => indent + line).join('\n');
  const step = where === 'run' ? '      - run: |\n' : `      - uses: ${PINNED}\n        with:\n          script: |\n`;
  return `on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n${step}${body}\n`;
}

const said = (text: string): string[] => lintWorkflow(text).map(({ line, says }) => `${line} ${says.split(':')[0]}`);

describe('what is dangerous in a workflow that deploys', () => {
  it.each([
    ['no set -e', ['docker compose pull', 'docker compose up -d'], '9 goes on after a command that failed'],
    [
      'down before build',
      ['set -e', 'docker compose down', 'docker compose up -d --build'],
      '10 stops what runs before the new one is built',
    ],
    [
      'down before build, by the older program',
      ['set -e', 'docker-compose down', 'docker-compose build', 'docker-compose up -d'],
      '10 stops what runs before the new one is built',
    ],
    [
      'rm -r of the running copy',
      ['set -e', 'rm -rf /srv/app', 'git clone x /srv/app'],
      '10 removes /srv/app, which may be the copy that runs',
    ],
    ['rm -r with its options apart', ['set -e', 'rm -f -r ~/app'], '10 removes ~/app, which may be the copy that runs'],
    [
      'docker stop of everything',
      ['set -e', 'docker stop $(docker ps -q)'],
      '10 stops every container of the machine, whosever they are',
    ],
    [
      'docker rm of everything, with the older quotes',
      ['set -e', 'docker rm -f `docker ps -aq`'],
      '10 stops every container of the machine, whosever they are',
    ],
    ['a secret that is echoed', ['set -e', 'echo "${{ secrets.TOKEN }}"'], '10 writes a secret into the log'],
    ['a failure that is hidden', ['set -e', 'docker compose up -d || true'], '10 takes a failure for a success'],
    [
      'a success message as the last command',
      ['docker compose up -d', 'echo "deployed successfully"'],
      '10 ends with a message, and so with success whatever happened',
    ],
  ])('%s', (_, script, finding) => {
    expect(said(workflow(script))).toContain(finding);
  });

  it.each(['actions/checkout@v4', 'appleboy/ssh-action@master', 'owner/action@11bd719'])(
    'an action like %s',
    (uses) => {
      expect(said(`jobs:\n  a:\n    steps:\n      - uses: ${uses}\n`)).toEqual([
        `4 ${uses} may be another one tomorrow`,
      ]);
    },
  );

  it('a script for another machine that stands in one of this one', () => {
    const lines = ["ssh deploy@host <<'EOF'", 'cd /srv/app', 'docker compose up -d', 'EOF'];
    expect(said(workflow(lines, 'run'))).toEqual(['8 goes on after a command that failed']);
  });

  it.each([
    [
      'a script that stops at its first failure',
      workflow(['set -Eeuo pipefail', 'docker compose pull', 'docker compose up -d', 'echo deployed']),
    ],
    ['a script of this machine, which GitHub stops', workflow(['npm ci', 'npm test', 'echo done'], 'run')],
    [
      'a secret that goes into a program',
      workflow(['set -e', 'echo "${{ secrets.TOKEN }}" | docker login -u me --password-stdin']),
    ],
    ['a secret that goes into a file', workflow(['set -e', 'printf %s "${{ secrets.ENV }}" > .env'])],
    ['what is removed of a build', workflow(['set -e', 'rm -rf node_modules', 'rm -rf /tmp/x', 'rm file'])],
    ['down at the end of a test', workflow(['set -e', 'docker compose up -d', 'npm test', 'docker compose down'])],
    ['what is only said of it', workflow(['set -e', '# docker stop $(docker ps -q)', 'docker compose up -d'])],
    [
      'actions of this repository and by digest',
      'jobs:\n  a:\n    steps:\n      - uses: ./deploy\n      - uses: ' + PINNED + '\n',
    ],
    ['one command alone', workflow(['docker compose up -d'])],
  ])('and not %s', (_, text) => {
    expect(lintWorkflow(text)).toEqual([]);
  });

  it.each(['.github/workflows', 'deploy/templates'])('nor what this repository has in %s', (folder) => {
    const path = join(__dirname, '../../../..', folder);
    const files = readdirSync(path);
    expect(files).toContain(folder === 'deploy/templates' ? 'product-deploy.yml' : 'deploy.yml');
    for (const file of files) expect([file, lintWorkflow(readFileSync(join(path, file), 'utf8'))]).toEqual([file, []]);
  });

  it('says where it is no YAML', () => {
    expect(() => lintWorkflow('a: [')).toThrow(/line 1/);
  });
});
