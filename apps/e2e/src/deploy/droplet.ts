import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@recert/testing';
import { must, mustShell, ROOT, run, start, type Ended, type Running } from './commands';

const NAME = 'recert-test-droplet';
const SERVICES = ['registry', 'scheduler', 'notifier', 'kpi-ingest', 'alert-relay', 'console'] as const;
const STANDS_ON = ['postgres:17', 'nats:2-alpine', 'caddy:2-alpine'];
export const VERSION = 'one';
const MIB = 1024 * 1024;

/** A container that is to Recert what a droplet of 1 GB is: it boots with deploy/droplet/cloud-init.yaml, and is given no more. */
export class Droplet {
  readonly folder = mkdtempSync(join(tmpdir(), 'recert-droplet-'));
  /** Lies on the droplet as /srv/library. */
  readonly libraryPath = join(this.folder, 'library', 'processes.md');
  /** The same from within and from here, as the name of a droplet is. */
  url = '';
  token = '';
  host = '';
  private relay: Server | null = null;

  /** Builds the images, from the bases that are here. */
  async build(): Promise<void> {
    for (const service of SERVICES) {
      const target = service === 'console' ? 'console' : 'app';
      const args = ['build', '-q', '-f', 'deploy/Dockerfile', '--target', target, '--build-arg', `APP=${service}`];
      await must('docker', [...args, '-t', `recert-${service}:${VERSION}`, '.']);
    }
    const backup = ['--target', 'backup', '--build-arg', 'APP=cli', '-t', `recert-backup:${VERSION}`];
    await must('docker', ['build', '-q', '-f', 'deploy/Dockerfile', ...backup, '.']);
  }

  /** A new machine whose user data is cloud-init.yaml, and which was started anew once. */
  async boot(): Promise<void> {
    mkdirSync(join(this.folder, 'library'), { recursive: true });
    const limits = [
      '--privileged',
      '--cgroupns',
      'private',
      '--tmpfs',
      '/run',
      '--memory',
      '1g',
      '--memory-swap',
      '1g',
    ];
    const volumes = ['-v', `${NAME}:/var/lib/docker`, '-v', `${join(this.folder, 'library')}:/srv/library:ro`];
    await this.remove();
    await must('docker', ['create', '--name', NAME, ...limits, ...volumes, NAME]);
    await this.bringUserData();
    await must('docker', ['start', NAME]);
    // 1 is a failure, and 2 a warning, such as that it finds no network to set up.
    await this.inside('cloud-init status --wait >/dev/null; (($? != 1)) || cat /var/log/cloud-init-output.log');
    await must('docker', ['restart', NAME]);
    await eventually(() => this.inside('docker info >/dev/null'), 30_000);
    this.host = await must('docker', ['inspect', '-f', '{{.NetworkSettings.IPAddress}}', NAME]);
    this.url = `http://${this.host}`;
  }

  /** The first deploy. @param telegram url on loopback of the server that stands in for Telegram @param botToken of its bot */
  async up(telegram: string, botToken: string): Promise<void> {
    await this.bring(telegram, await this.relayTo(telegram), botToken);
    await this.bringImages([...[...SERVICES, 'backup'].map((each) => `recert-${each}:${VERSION}`), ...STANDS_ON]);
    await this.inside('cd /srv/recert && docker compose up -d --no-build --wait --wait-timeout 120 2>&1');
  }

  /** All in one go, since what they share goes over once. */
  async bringImages(images: readonly string[]): Promise<void> {
    await mustShell(`docker save ${images.join(' ')} | docker exec -i ${NAME} docker load -q`);
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
    return this.startDeploy(service, version, more).ended;
  }

  startDeploy(service: string, version: string, more: Readonly<Record<string, string>> = {}): Running {
    const env = { DEPLOY_TARGET: `deploy@${this.host}`, DEPLOY_SSH_OPTIONS: this.sshOptions().join(' '), ...more };
    return start('deploy/deploy.sh', [service, version], { env });
  }

  /** What the deploy user says over ssh. */
  ssh(...words: string[]): Promise<Ended> {
    return run('ssh', [...this.sshOptions(), '-o', 'BatchMode=yes', `deploy@${this.host}`, ...words]);
  }

  /** deploy/droplet/provision.sh once more. */
  provision(...options: string[]): Promise<Ended> {
    return run('docker', ['exec', NAME, '/usr/local/share/recert/provision.sh', ...options]);
  }

  /** As `inside`, for what may fail. */
  attempt(line: string): Promise<Ended> {
    return run('docker', ['exec', NAME, 'bash', '-c', line]);
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
    return ['-F', 'none', '-i', join(this.folder, 'key'), ...strict, '-o', 'LogLevel=ERROR'];
  }

  /** cloud-init.yaml with the key of a deployer, and the key of whoever made the droplet, whom its provider lets in. */
  private async bringUserData(): Promise<void> {
    const seed = join(this.folder, 'seed/var/lib/cloud/seed/nocloud');
    const administrator = join(this.folder, 'seed/root/.ssh');
    for (const folder of [seed, administrator]) mkdirSync(folder, { recursive: true });
    for (const name of ['key', 'root-key'])
      await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(this.folder, name)]);
    const key = readFileSync(join(this.folder, 'key.pub'), 'utf8').trim();
    const text = readFileSync(join(ROOT, 'deploy/droplet/cloud-init.yaml'), 'utf8');
    writeFileSync(join(seed, 'user-data'), text.replace("'DEPLOY_KEY='", `'DEPLOY_KEY=${key}'`));
    writeFileSync(join(seed, 'meta-data'), 'instance-id: recert-test\n');
    cpSync(join(this.folder, 'root-key.pub'), join(administrator, 'authorized_keys'));
    await must('chmod', ['-R', 'go=', join(this.folder, 'seed/root')]);
    await mustShell(`tar -c -C ${this.folder}/seed --owner 0 --group 0 . | docker cp - ${NAME}:/`);
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
      'DEPLOY_PATIENCE=20',
    ];
    const file = join(home, '.env');
    const made = readFileSync(file, 'utf8').replace(/^LIBRARY=$/m, '');
    writeFileSync(
      file,
      [made, ...own, 'SITE_ADDRESS=:80', `TELEGRAM_API_ROOT=${telegram}`, ...versions, ''].join('\n'),
    );
    chmodSync(file, 0o600);
    this.token = /^RECERT_ADMIN_TOKEN=(.*)$/m.exec(made)![1]!;
    await must('docker', ['cp', `${home}/.`, `${NAME}:/srv/recert`]);
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
