import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { type Page, type ReleaseView, type TaskView } from '@recert/contracts';
import { eventually } from '@recert/testing';
import { registerProduct, type Product } from '../story/hooks';
import { must, ROOT } from './commands';
import { VERSION } from './droplet';
import { lastLine, type Stand } from './stand';

const MINUTES = 60_000;
const SERVICE = 'kpi-ingest';
/** Its first statement is done when the second one fails. */
const MIGRATION = `
class BreakHalfWay1999000000000 {
  constructor() { this.name = 'BreakHalfWay1999000000000'; }
  async up(runner) { await runner.query('create table half_way (id int)'); await runner.query('create tabel other (id int)'); }
  async down() {}
}
exports.migrations = [...exports.migrations, BreakHalfWay1999000000000];`;
/** Beside the old one it runs, and in the place of the old one it does not. */
const TRIAL = `const { lookup } = require('node:dns/promises');
const own = Object.values(require('node:os').networkInterfaces()).flat().map(({ address }) => address);
lookup('recert-${SERVICE}-candidate').then(({ address }) => own.includes(address), () => false).then((isTrial) => {
  if (!isTrial) { console.error('not in this place'); process.exit(1); }
  require('/app/dist/main.js');
});`;

const entry = (code: string): string => `ENTRYPOINT ["node", "-e", ${JSON.stringify(code)}]`;
const BROKEN = {
  dead: entry('process.exit(1)'),
  mute: entry('require("http").createServer((q, s) => s.writeHead(500).end()).listen(3000)'),
  migrating: `USER root\nRUN echo ${Buffer.from(MIGRATION).toString('base64')} | base64 -d >>dist/migrations/index.js\nUSER node`,
  trial: `USER root\nRUN echo ${Buffer.from(TRIAL).toString('base64')} | base64 -d >/app/dist/trial.js\nUSER node\nENTRYPOINT ["node", "dist/trial.js"]`,
} as const;

/** deploy/deploy.sh, while webhooks come in, and what the hub hears of it. */
export function describeDeploys({ droplet, doors }: Stand): void {
  let product: Product;
  let hooks: Hooks;

  beforeAll(async () => {
    product = await registerProduct(doors(), { id: 'lugha', name: 'Lugha', owner: 'ada' });
    const about = { name: `Deploy ${SERVICE}`, owner: 'ada', trigger: { hand: true }, release: true };
    const { id } = await doors().request<TaskView>('POST', '/api/tasks', about);
    const body = { name: 'deploys', scopes: [`tasks:${id}`] };
    const { token } = await doors().request<{ token: string }>('POST', '/api/tokens', body);
    await droplet.inside(`printf 'RELEASE_TOKEN=%s\\n' ${token} >>/srv/recert/.env`);
    for (const [name, lines] of Object.entries(BROKEN)) {
      const input = `FROM recert-${SERVICE}:${VERSION}\n${lines}\n`;
      await must('docker', ['build', '-q', '-t', `recert-${SERVICE}:${name}`, '-'], { input });
    }
    await droplet.bringImages(Object.keys(BROKEN).map((name) => `recert-${SERVICE}:${name}`));
  }, 3 * MINUTES);
  beforeEach(() => {
    hooks = new Hooks(droplet.url, product);
  });
  afterEach(() => hooks.stop());
  afterAll(async () => {
    await must('docker', ['rmi', '-f', ...Object.keys(BROKEN).map((name) => `recert-${SERVICE}:${name}`)]);
  });

  /** The release that the hub was told of last, once it is at its end. */
  const release = (): Promise<ReleaseView> =>
    eventually(async () => {
      const [newest] = (await doors().request<Page<ReleaseView>>('GET', '/api/releases')).items;
      if (newest === undefined || newest.state === 'started') throw new Error('the hub hears of no end');
      return newest;
    }, 20_000);

  it(
    'puts a new version into the place of the old one, no webhook fails, and the hub hears of it',
    async () => {
      await must('docker', ['tag', `recert-${SERVICE}:${VERSION}`, `recert-${SERVICE}:two`]);
      const { code, said } = await droplet.deploy(SERVICE, 'two');
      expect(await hooks.stop()).toMatchObject({ failed: 0 });
      expect(lastLine(said)).toBe(`deployed: ${SERVICE} two`);
      expect(code).toBe(0);
      expect(said).not.toMatch(/the hub could not be told/);
      expect((await droplet.ssh('status')).said).toMatch(/kpi-ingest\s+recert-kpi-ingest:two\s+Up .*healthy/);
      const told = await release();
      expect(told).toMatchObject({ name: `Deploy ${SERVICE}`, release: 'two', state: 'deployed', log: null });
      expect(new Date(told.startedAt!).getTime()).toBeLessThan(new Date(told.at).getTime());
    },
    3 * MINUTES,
  );

  it.each([
    ['ends at once', 'dead', /it ended by itself/],
    ['answers nothing but 500', 'mute', /not healthy within 20 s/],
    ['has a migration that fails half way', 'migrating', /syntax error at or near "tabel"/],
  ])(
    'takes a version away again that %s: no webhook fails, nothing is changed, and the hub hears of it',
    async (_, version, reason) => {
      const before = await schema();
      expect(before).toMatch(/CREATE TABLE "kpi-ingest"\.report /);
      const ended = await droplet.deploy(SERVICE, version);
      expect(await hooks.stop()).toMatchObject({ failed: 0 });
      expect(ended.code).not.toBe(0);
      expect(ended.said).toMatch(reason);
      expect(ended.said).toMatch(/kpi-ingest two goes on, untouched/);
      expect(lastLine(ended.said)).toBe(`deploy: ${SERVICE} ${version} does not run`);
      expect((await droplet.ssh('status')).said).toMatch(/recert-kpi-ingest:two\s+Up .*healthy/);
      expect(await schema()).toBe(before);
      const told = await release();
      expect(told).toMatchObject({ release: version, state: 'failed', startedAt: expect.any(String) as string });
      expect(told.log).toMatch(/is not healthy and was taken away again\. kpi-ingest two goes on, untouched/);
    },
    4 * MINUTES,
  );

  it(
    'goes back where a version comes up beside the old one, and not in its place, and the hub hears of it',
    async () => {
      const ended = await droplet.deploy(SERVICE, 'trial');
      expect(await hooks.stop()).toMatchObject({ failed: 0 });
      expect(ended.said).toMatch(/trial was taken away again\. kpi-ingest two runs/);
      expect(ended.code).not.toBe(0);
      expect((await droplet.ssh('status')).said).toMatch(/recert-kpi-ingest:two\s+Up .*healthy/);
      const told = await release();
      expect(told).toMatchObject({ release: 'trial', state: 'rolled-back' });
      expect(told.log).toMatch(/not in this place/);
    },
    3 * MINUTES,
  );

  /** Of the service's own schema, with the names of its migrations. */
  function schema(): Promise<string> {
    return droplet.inside(
      `cd /srv/recert && docker compose exec -T postgres sh -c 'pg_dump -U postgres -s -n kpi-ingest recert | grep -v restrict; psql -U postgres -tA recert -c "select name from \\"kpi-ingest\\".migration order by 1"'`,
    );
  }
}

/** Webhooks that come in all the time. */
class Hooks {
  private readonly sender: ChildProcess;
  private readonly result: Promise<{ failed: number }>;

  constructor(url: string, { id, token }: Product) {
    this.sender = spawn(process.execPath, [join(ROOT, 'deploy/test/send-hooks.mjs'), url, id, token], {
      stdio: 'pipe',
    });
    let said = '';
    this.sender.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    this.result = new Promise((resolve) => {
      this.sender.once('close', () => {
        process.stdout.write(`webhooks: ${said.trim()}\n`);
        resolve(JSON.parse(said) as { failed: number });
      });
    });
  }

  stop(): Promise<{ failed: number }> {
    this.sender.kill('SIGTERM');
    return this.result;
  }
}
