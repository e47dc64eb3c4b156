import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@recert/testing';
import { must, mustShell, ROOT, run, type Ended } from './commands';

const NAME = 'recert-test-droplet';
const SERVICES = ['registry', 'scheduler', 'notifier', 'kpi-ingest', 'alert-relay', 'console'] as const;
const STANDS_ON = ['postgres:17', 'nats:2-alpine', 'caddy:2-alpine'];
export const VERSION = 'one';
const MIB = 1024 * 1024;

/** A container that is to Recert what a droplet of 1 GB is: sshd, an engine of its own, and a user who may deploy. */
export class Droplet {
  readonly folder = mkdtempSync(join(tmpdir(), 'recert-droplet-'));
  /** Lies on the droplet as /srv/library. */
  readonly libraryPath = join(this.folder, 'library', 'processes.md');
  url = '';
  token = '';
  private sshPort = 0;
  private relay: Server | null = null;

  /** Builds the images, from the bases that are here. */
  async build(): Promise<void> {
    for (const service of SERVICES) {
      const target = service === 'console' ? 'console' : 'app';
      const args = ['build', '-q', '-f', 'deploy/Dockerfile', '--target', target, '--build-arg', `APP=${service}`];
      await must('docker', [...args, '-t', `recert-${service}:${VERSION}`, '.']);
    }
  }

  /** @param telegram url on loopback of the server that stands in for Telegram @param botToken of its bot */
  async up(telegram: string, botToken: string): Promise<void> {
    mkdirSync(join(this.folder, 'library'), { recursive: true });
    const limits = ['--privileged', '--memory', '1g', '--memory-swap', '1g'];
    const ports = ['-p', '127.0.0.1::22', '-p', '127.0.0.1::80'];
    const volumes = ['-v', `${NAME}:/var/lib/docker`, '-v', `${join(this.folder, 'library')}:/srv/library:ro`];
    await this.remove();
    await must('docker', ['run', '-d', '--name', NAME, ...limits, ...ports, ...volumes, NAME]);
    this.sshPort = await portOf(22);
    this.url = `http://127.0.0.1:${await portOf(80)}`;
    await this.letIn();
    await this.bring(telegram, await this.relayTo(telegram), botToken);
    await eventually(() => this.inside('docker info >/dev/null'), 30_000);
    const images = [...SERVICES.map((service) => `recert-${service}:${VERSION}`), ...STANDS_ON];
    await mustShell(`docker save ${images.join(' ')} | docker exec -i ${NAME} docker load -q`);
    await this.inside('cd /srv/recert && docker compose up -d --no-build --wait --wait-timeout 120 2>&1');
  }

  async down(): Promise<void> {
    this.relay?.close();
    await this.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A command line on it, as root. */
  inside(line: string): Promise<string> {
    return must('docker', ['exec', NAME, 'bash', '-c', line]);
  }

  /** deploy/deploy.sh, as somebody calls it on their own machine. */
  deploy(service: string, version: string, more: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const env = { DEPLOY_TARGET: 'deploy@127.0.0.1', DEPLOY_SSH_OPTIONS: this.sshOptions().join(' '), ...more };
    return run('deploy/deploy.sh', [service, version], { env });
  }

  /** What the deploy user says over ssh. */
  ssh(...words: string[]): Promise<Ended> {
    return run('ssh', [...this.sshOptions(), '-o', 'BatchMode=yes', 'deploy@127.0.0.1', ...words]);
  }

  /** Memory that each container takes and may take, in MiB. What is read from files can be given back at once, and is not taken. */
  async memory(): Promise<Map<string, { used: number; limit: number }>> {
    const lines = await this.inside(
      `for name in $(docker ps --format '{{.Names}}'); do
         stat=$(docker exec "$name" sh -c 'cat /sys/fs/cgroup/memory/memory.stat 2>/dev/null || cat /sys/fs/cgroup/memory.stat')
         echo "$name $(docker inspect -f '{{.HostConfig.Memory}}' "$name")" $stat
       done`,
    );
    return new Map(
      lines.split('\n').map((line) => {
        const [name = '', limit = '', ...pairs] = line.trim().split(/\s+/);
        const of = (key: string): number => Number(pairs[pairs.indexOf(key) + 1] ?? 0) * (pairs.includes(key) ? 1 : 0);
        // Version 1 of control groups says rss, and shared memory as what of the cache belongs to no file.
        const shared = of('total_cache') - of('total_active_file') - of('total_inactive_file');
        const used = pairs.includes('total_rss') ? of('total_rss') + Math.max(0, shared) : of('anon') + of('shmem');
        return [name, { used: used / MIB, limit: Number(limit) / MIB }];
      }),
    );
  }

  sshOptions(knownHosts = join(this.folder, 'known_hosts')): string[] {
    const strict = ['-o', 'StrictHostKeyChecking=accept-new', '-o', `UserKnownHostsFile=${knownHosts}`];
    return [
      '-F',
      'none',
      '-i',
      join(this.folder, 'key'),
      '-p',
      String(this.sshPort),
      ...strict,
      '-o',
      'LogLevel=ERROR',
    ];
  }

  /** The deploy user comes in with a key that can do one thing. */
  private async letIn(): Promise<void> {
    const key = join(this.folder, 'key');
    await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const allowed = `restrict,command="/usr/local/bin/recert-deploy" ${readFileSync(`${key}.pub`, 'utf8')}`;
    writeFileSync(join(this.folder, 'authorized_keys'), allowed);
    await must('docker', ['cp', 'deploy/droplet/recert-deploy', `${NAME}:/usr/local/bin/recert-deploy`]);
    await must('docker', ['cp', join(this.folder, 'authorized_keys'), `${NAME}:/tmp/authorized_keys`]);
    const ssh = '/home/deploy/.ssh';
    await this.inside(`install -d -m 700 -o deploy ${ssh} && install -m 600 -o deploy /tmp/authorized_keys ${ssh}`);
  }

  /** docker-compose.yml, what it mounts, and the .env that `recert init` writes. */
  private async bring(nearby: string, telegram: string, botToken: string): Promise<void> {
    const home = join(this.folder, 'home');
    for (const part of ['docker-compose.yml', 'deploy'])
      cpSync(join(ROOT, part), join(home, part), { recursive: true });
    const answers = [
      '--url',
      this.url,
      '--telegram-token',
      botToken,
      '--library',
      'none',
      '--timezone',
      'Europe/Berlin',
    ];
    await must(process.execPath, ['apps/cli/dist/main.js', 'init', '--dir', home, ...answers], {
      env: { TELEGRAM_API_ROOT: nearby },
    });
    const versions = SERVICES.map((service) => `${service.toUpperCase().replaceAll('-', '_')}_VERSION=${VERSION}`);
    const own = [
      'LIBRARY_FOLDER=/srv/library',
      'LIBRARY_BASE_URL=https://example.org/processes.md',
      'LIBRARY=/library/processes.md',
      'LIBRARY_REFRESH=off',
      'ASK_HOURS=always',
    ];
    const file = join(home, '.env');
    const made = readFileSync(file, 'utf8').replace(/^LIBRARY=$/m, '');
    writeFileSync(
      file,
      [made, ...own, 'SITE_ADDRESS=:80', `TELEGRAM_API_ROOT=${telegram}`, ...versions, ''].join('\n'),
    );
    chmodSync(file, 0o600);
    this.token = /^RECERT_ADMIN_TOKEN=(.*)$/m.exec(made)![1]!;
    await must('docker', ['cp', home, `${NAME}:/srv/recert`]);
    await this.inside('chown -R deploy: /srv/recert');
  }

  /** The bridge leads to this machine, but not to its loopback. @returns where the droplet finds the server */
  private async relayTo(url: string): Promise<string> {
    const gateway = await must('docker', ['network', 'inspect', 'bridge', '-f', '{{(index .IPAM.Config 0).Gateway}}']);
    const relay = createServer((socket) => {
      const there = connect(Number(new URL(url).port), '127.0.0.1');
      for (const each of [socket, there]) each.on('error', () => (socket.destroy(), there.destroy()));
      socket.pipe(there).pipe(socket);
    });
    await new Promise<void>((resolve) => relay.listen(0, gateway, resolve));
    this.relay = relay;
    return `http://${gateway}:${(relay.address() as AddressInfo).port}`;
  }

  private async remove(): Promise<void> {
    await run('docker', ['rm', '-f', '-v', NAME]);
    await run('docker', ['volume', 'rm', '-f', NAME]);
  }
}

async function portOf(inner: number): Promise<number> {
  const said = await must('docker', ['port', NAME, String(inner)]);
  return Number(/:(\d+)$/m.exec(said)![1]);
}
