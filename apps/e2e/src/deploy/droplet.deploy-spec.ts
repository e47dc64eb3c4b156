import { startFakeTelegram, type FakeTelegram } from '@recert/testing';
import { Doors } from '../story/doors';
import { checkHistory, playStory } from '../story/play-story';
import { BEFORE, writeLibrary } from '../story/story-library';
import { describeBackup } from './backup-suite';
import { describeBadInput } from './bad-input-suite';
import { describeDeploys } from './deploys-suite';
import { Droplet } from './droplet';
import { describeProvisioning } from './provisioning-suite';
import { type Stand } from './stand';

const MINUTES = 60_000;

describe('a droplet of 1 GB', () => {
  const droplet = new Droplet();
  let telegram: FakeTelegram;
  let doors: Doors;
  const stand: Stand = { droplet, doors: () => doors };

  beforeAll(async () => {
    telegram = await startFakeTelegram({ token: '700001:AAThe-token-of-a-bot-of-tests' });
    await droplet.build();
    await droplet.boot();
    await droplet.up(telegram.url, telegram.token);
    doors = new Doors(() => droplet.url, droplet.token);
  }, 15 * MINUTES);
  afterAll(async () => {
    await droplet.down();
    await telegram.stop();
  }, MINUTES);

  describe('that was made of cloud-init.yaml', () => describeProvisioning(stand));

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

  describe('on which somebody deploys while webhooks come in', () => describeDeploys(stand));

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

  describe('on which something is wrong', () => describeBadInput(stand));

  describe('whose backup', () => describeBackup(stand, () => telegram));
});
