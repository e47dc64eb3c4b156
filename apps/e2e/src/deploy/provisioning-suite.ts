import { eventually } from '@recert/testing';
import { run } from './commands';
import { lastLine, type Stand } from './stand';

const BEFORE = ['/etc', '/home', '/root', '/srv', '/usr', '/var/lib/dpkg', '/var/lib/systemd'].join(' ');

/** deploy/droplet/provision.sh, which has run once by cloud-init.yaml. */
export function describeProvisioning({ droplet }: Stand): void {
  const inside = (line: string): Promise<string> => droplet.inside(line);

  it('is made ready by its user data, all but what a container cannot have', async () => {
    const said = (await inside('cat /var/log/cloud-init-output.log')).split('\n');
    expect(said.filter((line) => line.startsWith('skipped'))).toEqual([
      'skipped    swap: a container shares the swap of its machine',
      'skipped    swappiness: a container shares the kernel of its machine',
    ]);
    expect(said.filter((line) => line.startsWith('provision:'))).toEqual([
      expect.stringMatching(/^provision: ready: \d+ changed, \d+ as they were, 2 skipped \(see above\)$/),
    ]);
  });

  it('is left alone by a second run', async () => {
    await inside('touch /var/tmp/before && sleep 0.1');
    const { code, said } = await droplet.provision();
    expect(lastLine(said)).toMatch(/^provision: ready, and nothing was changed: \d+ as they were, 2 skipped/);
    expect(code).toBe(0);
    expect(await inside(`find ${BEFORE} -xdev -newer /var/tmp/before '(' -type f -o -type l ')'`)).toBe('');
  });

  it('runs its engine and its firewall after it was started anew, with what the engine was told before', async () => {
    const services = 'docker ssh ufw unattended-upgrades systemd-journald';
    expect((await inside(`systemctl is-active ${services}`)).split('\n')).toEqual(
      services.split(' ').map(() => 'active'),
    );
    const daemon = JSON.parse(await inside('cat /etc/docker/daemon.json')) as Record<string, unknown>;
    expect(daemon).toMatchObject({ bip: '172.26.0.1/24', 'log-opts': { 'max-size': '10m', 'max-file': '3' } });
  });

  it('takes keys alone, and answers on no port that it was not to open', async () => {
    const words = (await inside('sshd -T')).split('\n');
    expect(words).toEqual(expect.arrayContaining(['passwordauthentication no', 'kbdinteractiveauthentication no']));
    const listen = 'use IO::Socket::INET; my $s = IO::Socket::INET->new(LocalPort => 8080, Listen => 1); sleep 60';
    const pid = await inside(`perl -e '${listen}' >/dev/null 2>&1 & echo $!`);
    await eventually(async () => expect(await inside(knocking('127.0.0.1', 8080))).toBe('open'), 5000);
    expect(await outside(knocking(droplet.host, 8080))).toBe('closed');
    expect(await outside(knocking(droplet.host, 22))).toBe('open');
    await inside(`kill ${pid}`);
  });

  it('has a deploy user without a password, a second group, or a key of their own to change', async () => {
    expect(await inside('id -Gn deploy')).toBe('deploy docker');
    expect(await inside('getent shadow deploy | cut -d: -f2')).toBe('*');
    expect(await inside('stat -c "%U %a" /home/deploy/.ssh /home/deploy/.ssh/authorized_keys')).toBe(
      'root 755\nroot 644',
    );
    expect(await inside('cat /home/deploy/.ssh/authorized_keys')).toMatch(
      /^restrict,command="\/usr\/local\/bin\/recert-deploy" ssh-ed25519 \S+ key$/,
    );
  });

  it.each([
    ['an option that there is not', ['--swap', '1'], /there is no option "--swap"/],
    ['an option without its value', ['--swap-mb'], /--swap-mb wants a value/],
    ['a size that is none', ['--swap-mb', '1G'], /"1G" is no size of a swap file: megabytes such as 1024, or 0/],
    ['a time that is none', ['--reboot-time', '24:00'], /"24:00" is no time of day: 04:30, or never/],
    ['a key that is none', ['--deploy-key', 'ssh-ed25519 AAAA'], /the deploy key is no public key/],
    ['a key with options', ['--deploy-key', 'pty ssh-ed25519 AAAA'], /the deploy key is no public key/],
  ])('refuses %s', async (_, options, complaint) => {
    const { code, said } = await droplet.provision(...options);
    expect(said).toMatch(complaint);
    expect(lastLine(said)).toBe('provision: NOT DONE, and nothing was changed: mend it and run it again');
    expect(code).toBe(1);
  });

  it('overwrites no configuration of Docker that it cannot read, and says so', async () => {
    await inside('cp -a /etc/docker/daemon.json /var/tmp/ && echo "{" >/etc/docker/daemon.json');
    const { code, said } = await droplet.provision();
    expect(said).toMatch(
      /stopped at limits of logs: \/etc\/docker\/daemon\.json is not JSON: .+ Nothing of it was changed/,
    );
    expect([code, lastLine(said)]).toEqual([1, expect.stringMatching(/^provision: NOT DONE/)]);
    expect(await inside('cat /etc/docker/daemon.json')).toBe('{');
    await inside('mv /var/tmp/daemon.json /etc/docker/daemon.json');
  });

  it('takes back a configuration with which sshd would not start', async () => {
    const folder = '/etc/ssh/sshd_config.d';
    await inside(`rm ${folder}/00-recert.conf && echo "Nonsense yes" >${folder}/99-else.conf`);
    const { code, said } = await droplet.provision();
    expect(said).toMatch(/Bad configuration option: Nonsense/);
    expect(said).toMatch(
      /stopped at sshd: sshd would not start with .*00-recert\.conf .*It was taken back; sshd runs as before/,
    );
    expect(code).toBe(1);
    expect(await inside(`rm ${folder}/99-else.conf && ls ${folder}`)).toBe('00-recert-deploy.conf');
    expect(lastLine((await droplet.provision()).said)).toMatch(/^provision: ready: 1 changed/);
  });
}

function outside(line: string): Promise<string> {
  return run('bash', ['-c', line]).then(({ said }) => said.trim());
}

function knocking(host: string, port: number): string {
  return `timeout 2 bash -c '</dev/tcp/${host}/${port}' 2>/dev/null && echo open || echo closed`;
}
