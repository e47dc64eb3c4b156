import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@recert/testing';
import { must, run, type Running } from './commands';
import { VERSION } from './droplet';
import { lastLine, type Stand } from './stand';

const MINUTES = 60_000;
const SERVICE = 'kpi-ingest';
const COMPOSE = 'cd /srv/recert && docker compose';

/** What goes wrong around a deploy: each time what happened, what runs now, and what to do. */
export function describeBadInput({ droplet }: Stand): void {
  const inside = (line: string): Promise<string> => droplet.inside(line);
  const status = async (): Promise<string> => (await droplet.ssh('status')).said;

  it('is not believed with another host key: nothing is sent, and the message says what happened', async () => {
    const known = join(droplet.folder, 'other_hosts');
    await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(droplet.folder, 'other')]);
    const publicKey = await must('cut', ['-d', ' ', '-f', '1,2', join(droplet.folder, 'other.pub')]);
    writeFileSync(known, `${droplet.host} ${publicKey}\n`);
    const ended = await droplet.deploy(SERVICE, 'two', { DEPLOY_SSH_OPTIONS: droplet.sshOptions(known).join(' ') });
    expect(ended.code).toBe(255);
    expect(ended.said).toMatch(/REMOTE HOST IDENTIFICATION HAS CHANGED/);
    expect(lastLine(ended.said)).toMatch(/no connection to .* Nothing was changed\.$/);
  });

  it(
    'hears what became of a deploy whose connection was lost, and refuses a second one meanwhile',
    async () => {
      await must('docker', ['tag', `recert-${SERVICE}:${VERSION}`, `recert-${SERVICE}:three`]);
      await droplet.bringImages([`recert-${SERVICE}:three`]);
      const deploy = droplet.startDeploy(SERVICE, 'three');
      await underWay(deploy);
      const second = await droplet.ssh('deploy', SERVICE, 'two');
      expect([second.code, second.said]).toEqual([75, expect.stringMatching(/another deploy is under way here/)]);
      process.kill(await sshOf(deploy), 'SIGKILL');
      const { code, said } = await deploy.ended;
      expect(said).toMatch(/the connection was lost; asking again what became of it/);
      expect(lastLine(said)).toBe(`deployed: ${SERVICE} three`);
      expect(code).toBe(0);
    },
    2 * MINUTES,
  );

  it(
    'finishes a deploy of which nobody is left who began it, and tells whoever asks',
    async () => {
      const deploy = droplet.startDeploy(SERVICE, 'two');
      await underWay(deploy);
      const ssh = await sshOf(deploy);
      process.kill(deploy.pid, 'SIGKILL');
      process.kill(ssh, 'SIGKILL');
      const { code, said } = await droplet.ssh('outcome');
      expect(lastLine(said)).toBe(`${SERVICE} two runs; before it was three`);
      expect(code).toBe(0);
      expect(await status()).toMatch(/recert-kpi-ingest:two\s+Up .*healthy/);
    },
    2 * MINUTES,
  );

  it('gives nobody the end of another deploy than their own', async () => {
    const { code, said } = await droplet.ssh('outcome', SERVICE, 'three');
    expect(said).toMatch(/kpi-ingest three never came here, and nothing was changed: deploy again\./);
    expect(code).toBe(1);
  });

  it(
    'says so when a deploy was ended with its droplet, and deploys again over what is left of it',
    async () => {
      const deploy = droplet.startDeploy(SERVICE, 'three');
      await underWay(deploy);
      await inside(`pkill -KILL -f 'recert-deploy (finish|attempt)'`);
      const { code, said } = await deploy.ended;
      expect(said).toMatch(
        /the deploy ended without a word, as where a droplet is started anew: status says what runs/,
      );
      expect(code).toBe(1);
      expect(await status()).toMatch(/recert-kpi-ingest:two\s+Up .*healthy/);
      expect((await droplet.deploy(SERVICE, 'three')).code).toBe(0);
      expect(await status()).not.toMatch(/candidate/);
    },
    2 * MINUTES,
  );

  it('deploys nothing onto a disk that is full, and loads nothing onto it', async () => {
    // A small disk, with what lies in the folder on it: df is asked, and answers, as anywhere.
    const small = 'mkdir /srv/small && mount -t tmpfs -o size=16m tmpfs /srv/small && cp -a /srv/recert/. /srv/small';
    await inside(`${small} && mount --bind /srv/small /srv/recert`);
    const deployed = await droplet.deploy(SERVICE, 'two');
    const loaded = await droplet.ssh('load');
    await inside('umount /srv/recert && umount /srv/small && rmdir /srv/small');
    expect(deployed.code).toBe(1);
    expect(deployed.said).toMatch(/only \d+ MB are free here, and 300 are wanted: `docker image prune -a`/);
    expect(deployed.said).toMatch(/Nothing was changed\. kpi-ingest three goes on, untouched/);
    expect([loaded.code, loaded.said]).toEqual([1, expect.stringMatching(/only \d+ MB are free here/)]);
    expect(await status()).toMatch(/recert-kpi-ingest:three\s+Up .*healthy/);
  });

  it('starts nothing without its .env, and says where that comes from', async () => {
    await inside('mkdir -p /var/tmp/bare && cp /srv/recert/docker-compose.yml /var/tmp/bare');
    const ended = await droplet.attempt('cd /var/tmp/bare && docker compose up -d');
    expect(ended.code).not.toBe(0);
    expect(ended.said).toMatch(/required variable \w+ is missing a value: run `recert init` first/);
    await inside('mv /srv/recert/.env /srv/recert/.env.away');
    const refused = await droplet.ssh('status');
    await inside('mv /srv/recert/.env.away /srv/recert/.env');
    expect(refused.said).toMatch(/\/srv\/recert has no docker-compose\.yml and \.env: see docs\/operations\.md/);
    expect(await status()).toMatch(/registry\s.*healthy/);
  });

  it(
    'names a secret that is malformed, and not what it says',
    async () => {
      const broken = `sed 's/^TELEGRAM_BOT_TOKEN=.*/TELEGRAM_BOT_TOKEN=hunter2/' .env >/var/tmp/broken.env`;
      const up = `up -d --no-deps --no-build --wait --wait-timeout 20 notifier`;
      const ended = await droplet.attempt(
        `cd /srv/recert && ${broken} && docker compose --env-file /var/tmp/broken.env ${up}`,
      );
      const said = (await droplet.attempt(`${COMPOSE} logs --tail 20 notifier`)).said;
      await inside(`${COMPOSE} ${up} 2>&1`);
      expect(ended.code).not.toBe(0);
      expect(ended.said).toMatch(/notifier-1/);
      expect(said).toMatch(/TELEGRAM_BOT_TOKEN is malformed .*Token of the bot, as BotFather gives it/);
      expect(said).not.toMatch(/hunter2/);
      expect(await status()).toMatch(/notifier\s.*healthy/);
    },
    2 * MINUTES,
  );

  it(
    'names the port that something else has, and leaves the rest running',
    async () => {
      await inside(`${COMPOSE} rm -sf caddy 2>&1`);
      const listen = 'use IO::Socket::INET; my $s = IO::Socket::INET->new(LocalPort => 80, Listen => 1); sleep 120';
      const pid = await inside(`perl -e '${listen}' >/dev/null 2>&1 & echo $!`);
      const ended = await droplet.attempt(`sleep 0.5; ${COMPOSE} up -d --no-build caddy`);
      const others = await status();
      await inside(`kill ${pid}; sleep 0.2; ${COMPOSE} up -d --no-build --wait caddy 2>&1`);
      expect(ended.code).not.toBe(0);
      expect(ended.said).toMatch(/:80: bind: address already in use/);
      expect(others).toMatch(/registry\s.*healthy/);
      await eventually(async () => expect((await fetch(droplet.url)).status).toBe(200), 10_000);
    },
    2 * MINUTES,
  );
}

/** Resolves when the new version starts beside the old one. */
function underWay({ said }: Running): Promise<void> {
  return eventually(() => {
    if (!/^starting /m.test(said())) throw new Error(`it does not start: ${said()}`);
  }, 30_000);
}

/** The id of the ssh by which the deploy goes on. */
async function sshOf({ pid }: Running): Promise<number> {
  const { said } = await run('ps', ['--ppid', String(pid), '-o', 'pid=,comm=']);
  return Number(/(\d+) ssh$/m.exec(said)?.[1]);
}
