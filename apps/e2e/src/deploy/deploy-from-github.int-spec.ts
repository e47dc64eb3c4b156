import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, ROOT, run, type Ended } from './commands';

/** Says what it was called with, and whether the key it was given is there; fails for the service "notifier". */
const SSH = `#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$0.calls"
while (($# > 0)); do [[ $1 != -i ]] || cat "$2" >"$0.key"; [[ $1 != deploy && $1 != status ]] || break; shift; done
[[ $2 != notifier ]]
`;

describe('a deploy from a workflow', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recert-github-'));
  const file = (name: string): string => join(folder, name);
  let knownHosts: string;

  /** A script of deploy/, with a stand-in for ssh. */
  const ask = (script: string, env: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> =>
    run('bash', ['-c', 'PATH="$0:$PATH" exec "$@"', file('bin'), join(ROOT, 'deploy', script), ...args], {
      env: {
        DEPLOY_TARGET: 'deploy@recert.example.org',
        RECERT_IMAGES: 'ghcr.io/acme/recert',
        TMPDIR: file('tmp'),
        ...env,
      },
    });
  const calls = (): string[] => readFileSync(file('bin/ssh.calls'), 'utf8').trim().split('\n');

  beforeAll(async () => {
    for (const each of ['bin', 'tmp']) mkdirSync(file(each));
    writeFileSync(file('bin/ssh'), SSH);
    chmodSync(file('bin/ssh'), 0o755);
    await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file('host')]);
    knownHosts = `recert.example.org ${readFileSync(file('host.pub'), 'utf8')}`;
  });
  beforeEach(() => writeFileSync(file('bin/ssh.calls'), ''));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('replaces one service after another, and says so in its last line', async () => {
    const { code, said } = await ask('deploy-services.sh', {}, 'v1', 'registry', 'console');
    expect([code, said.trim().split('\n').at(-1)]).toEqual([0, 'deployed: registry console v1']);
    expect(calls().map((call) => call.split('org ')[1])).toEqual(['deploy registry v1', 'deploy console v1']);
  });

  it('ends at the first that fails, and says which were deployed and which not', async () => {
    const { code, said } = await ask('deploy-services.sh', {}, 'v1', 'registry', 'notifier', 'console');
    expect([code, said.trim().split('\n').at(-1)]).toEqual([
      1,
      'failed: notifier v1; deployed before it: registry; not tried: console',
    ]);
    expect(calls()).toHaveLength(2);
  });

  it('believes the hosts alone that it was told of, and leaves no key behind', async () => {
    const key = { DEPLOY_KEY: 'the key', DEPLOY_KNOWN_HOSTS: knownHosts };
    const { code } = await ask('with-key.sh', key, join(ROOT, 'deploy/deploy.sh'), 'registry', 'v1');
    expect(code).toBe(0);
    expect(calls()[0]).toMatch(/StrictHostKeyChecking=yes .*UserKnownHostsFile=\S+ .*GlobalKnownHostsFile=\/dev\/null/);
    expect(readFileSync(file('bin/ssh.key'), 'utf8')).toBe('the key\n');
    expect(readdirSync(file('tmp'))).toEqual([]);
  });

  it.each([
    ['no key', { DEPLOY_KNOWN_HOSTS: 'x' }, /DEPLOY_KEY is empty/],
    ['no hosts', { DEPLOY_KEY: 'x' }, /DEPLOY_KNOWN_HOSTS is empty/],
    [
      'another host',
      { DEPLOY_KEY: 'x', DEPLOY_KNOWN_HOSTS: 'example.org ssh-ed25519 AAAA' },
      /no line for recert\.example\.org/,
    ],
    ['another port', { DEPLOY_KEY: 'x', DEPLOY_PORT: '2222' }, /no line for \[recert\.example\.org\]:2222/],
  ])('sends nothing with %s', async (_, env, reason) => {
    const { code, said } = await ask(
      'with-key.sh',
      { DEPLOY_KNOWN_HOSTS: knownHosts, ...env, ...(_ === 'no hosts' ? { DEPLOY_KNOWN_HOSTS: '' } : {}) },
      'true',
    );
    expect([code, said]).toEqual([64, expect.stringMatching(reason)]);
    expect(readdirSync(file('tmp'))).toEqual([]);
  });

  it('pushes nothing where no registry is named', async () => {
    const { code, said } = await ask('push-image.sh', { RECERT_IMAGES: 'recert' }, 'registry', 'v1');
    expect([code, said]).toEqual([64, expect.stringContaining('RECERT_IMAGES names no registry')]);
  });
});
