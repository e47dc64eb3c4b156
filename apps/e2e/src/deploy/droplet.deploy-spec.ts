import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFakeTelegram, type FakeTelegram } from '@recert/testing';
import { Doors } from '../story/doors';
import { registerProduct, type Product } from '../story/hooks';
import { checkHistory, playStory } from '../story/play-story';
import { BEFORE, writeLibrary } from '../story/story-library';
import { must, ROOT } from './commands';
import { Droplet, VERSION } from './droplet';

const MINUTES = 60_000;

describe('a droplet of 1 GB', () => {
  const droplet = new Droplet();
  let telegram: FakeTelegram;
  let doors: Doors;
  let product: Product;

  beforeAll(async () => {
    telegram = await startFakeTelegram({ token: '700001:AAThe-token-of-a-bot-of-tests' });
    await droplet.build();
    await droplet.up(telegram.url, telegram.token);
    doors = new Doors(() => droplet.url, droplet.token);
  }, 15 * MINUTES);
  afterAll(async () => {
    await droplet.down();
    await telegram.stop();
  }, MINUTES);

  it('takes less than 512 MB when nothing happens, and may not take 768', async () => {
    const all = [...(await droplet.memory()).values()];
    const sum = (of: (each: { used: number; limit: number }) => number): number =>
      Math.round(all.reduce((n, each) => n + of(each), 0));
    process.stdout.write(`memory: ${sum(({ used }) => used)} MiB used, ${sum(({ limit }) => limit)} MiB allowed\n`);
    expect(all).toHaveLength(9);
    expect(sum(({ used }) => used)).toBeLessThan(512);
    expect(sum(({ limit }) => limit)).toBeLessThan(768);
  });

  it(
    'plays the story of a process through Caddy',
    async () => {
      writeLibrary(droplet.libraryPath, BEFORE);
      await doors.importLibrary();
      const installation = {
        ...{ doors, folder: droplet.folder, libraryPath: droplet.libraryPath },
        ...{ start: () => Promise.resolve(), stop: () => Promise.resolve() },
        killOneAndRestart: () => Promise.reject(new Error('nothing is killed here')),
      };
      await playStory(installation, telegram);
      await checkHistory(installation);
      expect(telegram.floods).toEqual([]);
    },
    3 * MINUTES,
  );

  it('shows the outside neither figures nor health, and the console under its rules', async () => {
    for (const path of ['/metrics', '/health/ready', '/nowhere'])
      expect([path, (await fetch(droplet.url + path)).status]).toEqual([path, 404]);
    const page = await fetch(`${droplet.url}/processes`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'self'/);
    expect(await (await fetch(`${droplet.url}/api/openapi.json`)).text()).toContain('/api/alerts');
  });

  it('lets each role of the database see its own schema, and no other', async () => {
    const psql = (sql: string): Promise<string> =>
      droplet.inside(
        `cd /srv/recert && . ./.env && docker compose exec -T postgres psql -tA "postgres://kpi-ingest:$KPI_INGEST_DB_PASSWORD@127.0.0.1/recert" -c "${sql}" 2>&1`,
      );
    expect(Number(await psql('select count(*) from outbox'))).toBeGreaterThanOrEqual(0);
    await expect(psql('select * from registry.process')).rejects.toThrow(/permission denied for schema registry/);
    await expect(psql('create schema mine')).rejects.toThrow(/permission denied for database/);
  });

  describe('on which somebody deploys while webhooks come in', () => {
    let hooks: Hooks;

    beforeAll(async () => {
      product = await registerProduct(doors, { id: 'lugha', name: 'Lugha', owner: 'ada' });
    });
    beforeEach(() => {
      hooks = new Hooks(droplet.url, product);
    });

    it(
      'puts a new version into the place of the old one, and no webhook fails',
      async () => {
        await must('docker', ['tag', `recert-kpi-ingest:${VERSION}`, 'recert-kpi-ingest:two']);
        const { code, said } = await droplet.deploy('kpi-ingest', 'two');
        expect(await hooks.stop()).toMatchObject({ failed: 0 });
        expect(said.trim().split('\n').at(-1)).toBe('deployed: kpi-ingest two');
        expect(code).toBe(0);
        expect((await droplet.ssh('status')).said).toMatch(/kpi-ingest\s+recert-kpi-ingest:two\s+Up .*healthy/);
      },
      3 * MINUTES,
    );

    it.each([
      ['ends at once', 'process.exit(1)', /it ended by itself/],
      [
        'answers nothing but 500',
        'require("http").createServer((q, s) => s.writeHead(500).end()).listen(3000)',
        /not healthy within/,
      ],
    ])(
      'takes a version away again that %s, and no webhook fails',
      async (_, code, reason) => {
        const file = `FROM recert-kpi-ingest:${VERSION}\nENTRYPOINT ["node", "-e", ${JSON.stringify(code)}]\n`;
        await must('docker', ['build', '-q', '-t', 'recert-kpi-ingest:broken', '-'], { input: file });
        const ended = await droplet.deploy('kpi-ingest', 'broken');
        expect(await hooks.stop()).toMatchObject({ failed: 0 });
        expect(ended.code).not.toBe(0);
        expect(ended.said).toMatch(reason);
        expect(ended.said).toMatch(/kpi-ingest two goes on, untouched/);
        expect((await droplet.ssh('status')).said).toMatch(/recert-kpi-ingest:two/);
        await must('docker', ['rmi', '-f', 'recert-kpi-ingest:broken']);
        await droplet.inside('docker rmi -f recert-kpi-ingest:broken');
      },
      4 * MINUTES,
    );

    afterEach(() => hooks.stop());
  });

  it('lets the deploy user do nothing else', async () => {
    for (const words of [
      ['id'],
      ['deploy', 'kpi-ingest', '../two'],
      ['finish', 'kpi-ingest', 'two'],
      ['attempt', 'kpi-ingest', 'two'],
      ['deploy', 'postgres', 'two'],
    ])
      expect((await droplet.ssh(...words)).code).toBeGreaterThan(0);
    const tunnel = await droplet.ssh('-N', '-L', '0:127.0.0.1:5432', '-o', 'ExitOnForwardFailure=yes', 'status');
    expect(tunnel.code).toBeGreaterThan(0);
  });

  it('is not believed with another host key: nothing is sent, and the message says what happened', async () => {
    const known = join(droplet.folder, 'other_hosts');
    const { said: key } = {
      said: await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(droplet.folder, 'other')]),
    };
    expect(key).toBe('');
    const publicKey = await must('cut', ['-d', ' ', '-f', '1,2', join(droplet.folder, 'other.pub')]);
    const port = droplet.sshOptions()[droplet.sshOptions().indexOf('-p') + 1]!;
    writeFileSync(known, `[127.0.0.1]:${port} ${publicKey}\n`);
    const ended = await droplet.deploy('kpi-ingest', 'two', {
      DEPLOY_SSH_OPTIONS: droplet.sshOptions(known).join(' '),
    });
    expect(ended.code).toBe(255);
    expect(ended.said).toMatch(/REMOTE HOST IDENTIFICATION HAS CHANGED/);
    expect(ended.said.trim().split('\n').at(-1)).toMatch(/no connection to .* Nothing was changed\.$/);
  });
});

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
