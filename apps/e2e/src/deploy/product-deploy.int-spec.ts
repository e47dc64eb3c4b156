import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@recert/testing';
import { ProductDroplet, SERVICES } from './product-droplet';

const wanted = ['jq', 'git', 'curl', 'flock'];
const missing = wanted.filter((program) => spawnSync(program, ['--version']).status !== 0);
if (missing.length > 0)
  process.stderr.write(`SKIPPED: there is no ${missing.join(', ')}: deploys of products go untested\n`);

(missing.length === 0 ? describe : describe.skip)('a product of any compose file', () => {
  const one: [string, string][] = [
    ['web', 'one'],
    ['db', 'postgres'],
  ];
  let droplet: ProductDroplet;
  let first: string;

  beforeAll(async () => {
    droplet = new ProductDroplet();
    await droplet.up();
    first = await droplet.head();
    expect(await droplet.deploy(first)).toEqual([0, `lugha ${first} runs; before it was ${first}`]);
    droplet.keep();
  });
  beforeEach(() => droplet.restore());
  afterEach(() => {
    const neighbour = 'web|sha256:neighbour|neighbour-web|hash|neighbour|/srv/neighbour\n';
    expect(droplet.others()).toEqual({ neighbour, unknown: false });
  });
  afterAll(() => droplet.down());

  it('is built first, starts beside the old version, and takes its place', async () => {
    const two = await droplet.commit('two');
    expect(await droplet.deploy(two)).toEqual([0, `lugha ${two} runs; before it was ${first}`]);
    expect(droplet.running().sort()).toEqual([
      ['db', 'postgres'],
      ['web', 'two'],
    ]);
    const calls = droplet.calls().map((call) => /(build|up|stop|rm|pull|tag)\b/.exec(call)![0]);
    expect(calls).toEqual(['build', 'up', 'stop', 'rm', 'up']);
    expect(await droplet.head()).toBe(two);
    expect(readFileSync(join(droplet.home, '.env'), 'utf8')).toBe(`SECRET=kept\nVERSION=${two}\n`);
    expect(droplet.reports).toMatchObject([
      { status: 'start', commit: two, version: two.slice(0, 12) },
      { status: 'success', commit: two, log: expect.stringContaining('starting web beside the old one') as string },
    ]);
    expect([...droplet.tokens]).toEqual(['Bearer the-token']);
  });

  it('that is not healthy beside the old version is taken away again, and the old one was never stopped', async () => {
    const bad = await droplet.commit('unhealthy');
    expect(await droplet.deploy(bad)).toEqual([3, `product-deploy: lugha ${bad} was taken away again. ${first} runs.`]);
    expect(droplet.running()).toEqual(one);
    expect(droplet.calls().filter((call) => /^stop/.test(call))).toEqual([]);
    expect(await droplet.head()).toBe(first);
    expect(droplet.reports).toMatchObject([{ status: 'start' }, { status: 'fail', rolledBack: true }]);
    const { said } = await droplet.ask('outcome');
    expect(said).toContain('  | the last words of');
    expect(said).not.toContain('secret');
    expect(droplet.reports[1]!.log).not.toContain('last words');
  });

  describe('with a port of the machine', () => {
    const services = { ...SERVICES, web: { ...SERVICES['web'], ports: [{ target: 80, published: '8080' }] } };

    it('is made anew in its place', async () => {
      const two = await droplet.commit('two', services);
      expect((await droplet.deploy(two))[0]).toBe(0);
      expect(droplet.calls().some((call) => call.includes('--scale'))).toBe(false);
      expect(droplet.running()).toContainEqual(['web', 'two']);
    });

    it('goes back to the very image of before when it is not healthy, also where its name means another now', async () => {
      const bad = await droplet.commit('unhealthy', services);
      expect((await droplet.deploy(bad))[0]).toBe(3);
      expect(droplet.running().sort()).toEqual([...one].sort());
      expect(droplet.calls().some((call) => /^tag sha256:\w{64} lugha-web$/.test(call))).toBe(true);
      expect(droplet.reports.at(-1)).toMatchObject({ status: 'fail', rolledBack: true });
    });

    it('says so when what ran before does not come up again either', async () => {
      const bad = await droplet.commit('unhealthy', services);
      droplet.spoil('lugha-web');
      const [code, said] = await droplet.deploy(bad);
      expect([code, said]).toEqual([4, expect.stringContaining(`${first} did not come up again either`)]);
      expect(droplet.reports.at(-1)).toMatchObject({ status: 'fail' });
      expect(droplet.reports.at(-1)).not.toHaveProperty('rolledBack');
    });
  });

  it.each([
    ['cannot be built', { ...SERVICES }, 'broken'],
    ['cannot be pulled', { ...SERVICES, api: { image: 'ghcr.io/acme/api:${VERSION}' } }, 'two'],
  ])('of which an image %s changes nothing', async (_, services, text) => {
    const bad = await droplet.commit(text, services);
    expect(await droplet.deploy(bad)).toEqual([
      1,
      `product-deploy: the images of lugha ${bad} cannot be had (see above). ${first} goes on, untouched.`,
    ]);
    expect(droplet.running()).toEqual(one);
    expect(droplet.calls().filter((call) => / up |^stop|^rm/.test(call))).toEqual([]);
    expect(await droplet.head()).toBe(first);
    expect(await droplet.git('-C', droplet.home, 'worktree', 'list')).not.toContain('next');
    expect(droplet.reports).toMatchObject([{ status: 'start' }, { status: 'fail' }]);
    // What a `docker compose up` by hand would start.
    expect(droplet.meaning('lugha-web')).toBe('one');
  });

  it('is pulled in the version of the commit, and a database not by the way', async () => {
    const services = { ...SERVICES, api: { image: 'ghcr.io/acme/api:${VERSION}' } };
    const two = await droplet.commit('one', services);
    droplet.put(`remote/ghcr.io%acme%api:${two}`, 'api\n');
    droplet.put('remote/postgres:17', 'postgres, a day newer\n');
    expect((await droplet.deploy(two))[0]).toBe(0);
    expect(droplet.calls().filter((call) => call.startsWith('pull'))).toEqual([`pull -q ghcr.io/acme/api:${two}`]);
    expect(droplet.running()).toEqual([...one, ['api', 'api']]);
  });

  it('changes nothing while the disk is full', async () => {
    const two = await droplet.commit('two');
    const [code, said] = await droplet.deploy(two, { DEPLOY_ROOM_MB: '999999999' });
    expect([code, said]).toEqual([1, expect.stringMatching(/only \d+ MB are free here.* Nothing was changed\.$/)]);
    expect(droplet.calls()).toEqual([]);
    expect(droplet.reports).toMatchObject([{ status: 'fail' }]);
  });

  it('is deployed by one at a time, and the second is told whose turn it is', async () => {
    const slow = await droplet.commit('slow');
    const deploying = droplet.deploy(slow);
    await eventually(async () => expect((await droplet.ask('status')).code).toBe(0));
    await eventually(() => Promise.resolve(expect(droplet.reports).toHaveLength(1)));
    const [code, said] = await droplet.deploy(first);
    expect([code, said]).toEqual([75, expect.stringContaining(`under way here: deploy lugha ${slow}`)]);
    droplet.put('go', '');
    expect((await deploying)[0]).toBe(0);
    expect(droplet.running()).toContainEqual(['web', 'slow']);
    expect(droplet.reports.map(({ status }) => status)).toEqual(['start', 'success']);
  });

  it('goes on when the connection is lost, and says afterwards what became of it', async () => {
    const slow = await droplet.commit('slow');
    expect((await droplet.ask(`deploy ${slow}`, { CUT_AFTER: '1' })).code).toBeGreaterThan(0);
    expect((await droplet.ask(`outcome ${first}`)).code).toBe(69);
    const asking = droplet.ask(`outcome ${slow}`);
    droplet.put('go', '');
    const { code, said } = await asking;
    expect([code, said]).toEqual([0, expect.stringContaining(`lugha ${slow} runs; before it was ${first}`)]);
    expect(droplet.running()).toContainEqual(['web', 'slow']);
  });

  it('says that a deploy has no outcome when the droplet went down in the middle of it', async () => {
    const state = join(droplet.home, '../.deploy/lugha');
    spawnSync('rm', [join(state, 'status')]);
    const { code, said } = await droplet.ask('outcome');
    expect([code, said]).toEqual([4, expect.stringContaining('ended without an outcome')]);
  });

  it('runs what is to end before the rest, and stays as it was when that fails', async () => {
    const services = {
      ...SERVICES,
      web: { ...SERVICES['web'], depends_on: { migrate: { condition: 'service_completed_successfully' } } },
      migrate: { build: { context: './web' }, image: 'lugha-web', command: ['migrate'] },
    };
    const good = await droplet.commit('two', services);
    expect((await droplet.deploy(good))[0]).toBe(0);
    expect(
      droplet
        .running()
        .map(([service]) => service)
        .sort(),
    ).toEqual(['db', 'web']);
    const bad = await droplet.commit('fails', services);
    expect((await droplet.deploy(bad))[0]).toBe(3);
    expect(droplet.running()).toContainEqual(['web', 'two']);
  });

  it('keeps the version before, and lets the one before that go, of its own images alone', async () => {
    for (const text of ['two', 'three']) expect((await droplet.deploy(await droplet.commit(text)))[0]).toBe(0);
    expect(droplet.images()).toEqual(['neighbour', 'postgres', 'three', 'two']);
    // The same again is no step: what ran before stays kept.
    expect((await droplet.deploy(await droplet.head()))[0]).toBe(0);
    expect(droplet.images()).toEqual(['neighbour', 'postgres', 'three', 'two']);
  });

  it('that leaves a service out has it no more', async () => {
    const { db: _, ...rest } = SERVICES;
    expect((await droplet.deploy(await droplet.commit('one', rest)))[0]).toBe(0);
    expect(droplet.running()).toEqual([['web', 'one']]);
  });

  it.each<[string, (commit: string) => Promise<string | void>, RegExp]>([
    [
      'files were changed by hand',
      () => Promise.resolve(writeFileSync(join(droplet.home, 'web/Dockerfile'), 'x')),
      /by hand:/,
    ],
    ['the commit is of another branch', () => droplet.commit('evil', SERVICES, 'feature'), /is no commit of main/],
    [
      'another folder has the same name',
      () => Promise.resolve(droplet.put('containers/2', 'web|sha256:neighbour|x|h|lugha|/srv/other/lugha\n')),
      /runs from another folder, too/,
    ],
  ])('is left alone where %s', async (_, happens, reason) => {
    const two = await droplet.commit('two');
    const other = await happens(two);
    const [code, said] = await droplet.deploy(typeof other === 'string' ? other : two);
    expect([code, said]).toEqual([1, expect.stringMatching(reason)]);
    expect(said).toMatch(/Nothing was changed\.$/);
    expect(droplet.calls()).toEqual([]);
  });

  it('wants a Compose that waits for health as is needed here', async () => {
    const two = await droplet.commit('two');
    expect((await droplet.deploy(two, { STAND_IN_COMPOSE: '2.19.9' }))[1]).toMatch(/Compose 2\.19\.9 is too old/);
    expect((await droplet.deploy(two, { STAND_IN_COMPOSE: 'v2.20.0' }))[0]).toBe(0);
  });

  it('takes no other words than those three', async () => {
    const attempt = `attempt ${first}`;
    for (const words of [
      ' ',
      'id',
      'deploy',
      'deploy main',
      `deploy ../${first}`,
      `finish ${first}`,
      attempt,
      'status $(id)',
    ]) {
      const { code } = await droplet.ask(words);
      expect([words, code > 0, droplet.calls()]).toEqual([words, true, []]);
    }
  });

  it('is deployed also while the hub is away', async () => {
    writeFileSync(`${droplet.home}.conf`, 'RECERT_URL=http://127.0.0.1:9\nRELEASE_TASK=x\nRELEASE_TOKEN=y\n');
    const two = await droplet.commit('two');
    expect((await droplet.deploy(two))[0]).toBe(0);
    expect(existsSync(join(droplet.home, '../.deploy/lugha/log'))).toBe(true);
  }, 60_000);
});
