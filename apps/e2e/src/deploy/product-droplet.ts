import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { taskReportBody, type TaskReportBody } from '@recert/contracts';
import { must, ROOT, run, type Ended } from './commands';

const NEIGHBOUR = 'web|sha256:neighbour|neighbour-web|hash|neighbour|/srv/neighbour\n';

/** What a compose file of the product says of one service, as far as a deploy looks at it. */
export type Services = Readonly<Record<string, object>>;

/** A page that is built and has a health check, and a database that is there once. */
export const SERVICES: Services = {
  web: { build: { context: './web' }, healthcheck: { test: ['CMD', 'true'] } },
  db: { image: 'postgres:17', volumes: [{ type: 'volume', source: 'data', target: '/var/lib/postgresql/data' }] },
};

/** A folder that is to a product what its droplet is: a checkout of `lugha`, a stand-in for docker, and a hub that listens. */
export class ProductDroplet {
  private readonly folder = mkdtempSync(join(tmpdir(), 'recert-product-'));
  private readonly docker = join(this.folder, 'docker');
  readonly home = join(this.folder, 'products', 'lugha');
  /** What the hub was told, in its order. */
  readonly reports: TaskReportBody[] = [];
  /** The tokens that came with it. */
  readonly tokens = new Set<string | undefined>();
  private hub: Server | null = null;

  async up(): Promise<void> {
    const bin = join(this.folder, 'bin');
    for (const each of [bin, join(this.docker, 'remote'), join(this.docker, 'containers')])
      mkdirSync(each, { recursive: true });
    symlinkSync(join(ROOT, 'deploy/test/stand-in-docker.sh'), join(bin, 'docker'));
    this.put('containers/1', NEIGHBOUR);
    this.put('images/neighbour-web', 'sha256:neighbour\n');
    this.put('contents/sha256:neighbour', 'neighbour\n');
    this.put('remote/postgres:17', 'postgres\n');
    await this.git('init', '-q', '-b', 'main', join(this.folder, 'source'));
    await this.commit('one');
    await this.git('clone', '-q', join(this.folder, 'source'), this.home);
    writeFileSync(join(this.home, '.env'), 'SECRET=kept\n');
    const hub = await this.listen();
    const settings = `RECERT_URL=${hub}\nRELEASE_TASK=deploy-lugha\nRELEASE_TOKEN='the-token'\nPATIENCE=3\n`;
    writeFileSync(`${this.home}.conf`, settings);
  }

  async down(): Promise<void> {
    await new Promise((resolve) => this.hub?.close(resolve));
    for (const each of [this.folder, `${this.folder}.kept`]) rmSync(each, { recursive: true, force: true });
  }

  /** Remembers how everything is now. */
  keep(): void {
    copy(this.folder, `${this.folder}.kept`);
  }

  /** Makes everything as it was kept; what the hub was told and docker was asked is forgotten. */
  restore(): void {
    rmSync(this.folder, { recursive: true });
    copy(`${this.folder}.kept`, this.folder);
    this.calls();
    this.reports.length = 0;
  }

  /** A commit of main in which the page is what `text` says. @returns its 40 digits */
  async commit(text: string, services: Services = SERVICES, branch = 'main'): Promise<string> {
    const source = join(this.folder, 'source');
    await this.git('-C', source, 'checkout', '-q', '-B', branch);
    mkdirSync(join(source, 'web'), { recursive: true });
    writeFileSync(join(source, 'web', 'Dockerfile'), text);
    writeFileSync(join(source, 'docker-compose.yml'), JSON.stringify({ services }));
    await this.git('-C', source, 'add', '.');
    await this.git('-C', source, 'commit', '-q', '--allow-empty', '-m', text);
    return this.git('-C', source, 'rev-parse', 'HEAD');
  }

  /** What the key of the product may say. `CUT_AFTER` seconds the connection is lost. */
  ask(words: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const script = 'PATH="$0/bin:$PATH" exec ${CUT_AFTER:+timeout -s KILL "$CUT_AFTER"} "$1" lugha';
    return run('bash', ['-c', script, this.folder, join(ROOT, 'deploy/droplet/product-deploy')], {
      env: {
        ...{ PRODUCTS_HOME: dirname(this.home), STAND_IN_DOCKER: this.docker, SSH_ORIGINAL_COMMAND: words },
        ...env,
      },
    });
  }

  /** @returns the exit status and the last line */
  async deploy(commit: string, env: Readonly<Record<string, string>> = {}): Promise<[number, string]> {
    const { code, said } = await this.ask(`deploy ${commit}`, env);
    return [code, said.trim().split('\n').at(-1)!];
  }

  /** What runs of the product: each service with what its image does, in the order in which they were started. */
  running(): [string, string][] {
    return this.containers()
      .filter(([, , , , project]) => project === 'lugha')
      .map(([service = '', image = '']) => [service, this.read(`contents/${image}`).trim()]);
  }

  /** Contents of all images that are here. */
  images(): string[] {
    const names = readdirSync(join(this.docker, 'contents'));
    return names.map((name) => this.read(`contents/${name}`).trim()).sort();
  }

  /** What the image of a name does. */
  meaning(name: string): string {
    return this.read(`contents/${this.read(`images/${name}`).trim()}`).trim();
  }

  /** The image of a name does not get healthy any more. */
  spoil(name: string): void {
    this.put(`contents/${this.read(`images/${name}`).trim()}`, 'unhealthy by now\n');
  }

  /** Calls of docker since the last question, without what only asks. */
  calls(): string[] {
    const file = join(this.docker, 'calls');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    rmSync(file, { force: true });
    return lines.filter((line) => /^compose .* (up|build|run|rm) |^(pull|stop|rm|tag) |^image rm /.test(line));
  }

  /** What nobody may touch, and whether docker was called as it is not. */
  others(): { neighbour: string; unknown: boolean } {
    return { neighbour: this.read('containers/1'), unknown: existsSync(join(this.docker, 'unknown')) };
  }

  /** A file of the stand-in. */
  put(name: string, text: string): void {
    mkdirSync(dirname(join(this.docker, name)), { recursive: true });
    writeFileSync(join(this.docker, name), text);
  }

  git(...args: string[]): Promise<string> {
    return must('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args]);
  }

  head(): Promise<string> {
    return this.git('-C', this.home, 'rev-parse', 'HEAD');
  }

  private read(name: string): string {
    return readFileSync(join(this.docker, name), 'utf8');
  }

  private containers(): string[][] {
    const ids = readdirSync(join(this.docker, 'containers')).sort((a, b) => Number(a) - Number(b));
    return ids.map((id) => this.read(`containers/${id}`).trim().split('|'));
  }

  /** Takes what the hub itself takes, and nothing else. @returns its address */
  private async listen(): Promise<string> {
    this.hub = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const parsed = taskReportBody.safeParse(JSON.parse(body));
        const isTaken = parsed.success && request.url === '/hooks/tasks/deploy-lugha';
        if (isTaken) this.reports.push(parsed.data);
        this.tokens.add(request.headers.authorization);
        response.writeHead(isTaken ? 202 : 422).end();
      });
    });
    await new Promise<void>((resolve) => this.hub!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.hub.address() as AddressInfo).port}`;
  }
}

function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}
