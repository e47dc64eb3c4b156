import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { ReleaseReported, type Page, type ReleaseView } from '@recert/contracts';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery, bakeryOfProducts, deploy, mixDough } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';
import { LibraryReader } from '../library/read-libraries';
import { deploymentStatus, pushed, workflowRun } from './github-examples';

const SECRET = "It's a Secret to Everybody";
const OLD_SECRET = 'the one before it that is good still';
const LUGHA_DEPLOY = `lugha-${deploy}`;
const clock = new MovableClock('2026-11-27T09:00:00.000Z');

describe('what GitHub sends', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;

  beforeEach(async () => {
    database = await testDatabase();
    const environment = { GITHUB_WEBHOOK_SECRET: `${SECRET}, ${OLD_SECRET}`, RELEASE_PROCESS: 'Deploy' };
    registry = await RunningRegistry.start(database.url, bakeryOfProducts, environment, clock);
    const repository = 'https://github.com/acme/lugha';
    await registry.ask('POST', '/api/products', { name: 'Lugha', owner: 'ada', repository });
  });
  afterEach(async () => {
    await registry.stop();
    await database.drop();
  });

  const sign = (body: string, secret = SECRET): string =>
    `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

  async function post(event: string, body: object | string, headers: Record<string, string> = {}) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${registry.process.url}/hooks/github`, {
      method: 'POST',
      body: text,
      headers: {
        'content-type': 'application/json',
        'x-github-event': event,
        'x-hub-signature-256': sign(text),
        ...headers,
      },
    });
    return { status: response.status, body: (await response.json()) as { id: string; detail?: string } };
  }
  const releases = async (query = ''): Promise<readonly ReleaseView[]> =>
    (await registry.ask<Page<ReleaseView>>('GET', `/api/releases${query}`)).items;
  const handled = async (id: string): Promise<string> =>
    eventually(async () => {
      const [row] = await registry.database.query<{ outcome: string }>('select outcome from intake where id = $1', [
        id,
      ]);
      if (!row?.outcome) throw new Error('not handled yet');
      return row.outcome;
    });

  it('is a release of the product that lives there, evidence of its own process, and told of', async () => {
    await post('workflow_run', workflowRun('requested'));
    await post('deployment_status', deploymentStatus('success', { workflow_run: { id: 12, run_attempt: 1 } }));
    const last = await post('workflow_run', workflowRun('completed', { conclusion: 'success' }));
    expect(await handled(last.body.id)).toBe('done');
    const all = await releases();
    expect(all).toEqual([
      {
        id: 'github acme/lugha run 12.1 lugha',
        ...{ product: 'lugha', process: LUGHA_DEPLOY, name: 'Lugha', state: 'deployed', environment: 'production' },
        ...{
          repository: 'https://github.com/acme/lugha',
          commit: '2'.repeat(40),
          release: 'main',
          by: 'ada',
          log: null,
        },
        url: 'https://github.com/acme/lugha/actions/runs/12',
        ...{ startedAt: '2026-11-27T08:00:05.000Z', at: '2026-11-27T08:01:00.000Z' },
      },
    ]);
    expect(await releases(`?process=${LUGHA_DEPLOY}&product=lugha&state=deployed`)).toEqual(all);
    expect(await releases('?state=failed')).toEqual([]);
    const told = await registry.published(ReleaseReported);
    expect(told.map(({ version, state, environment }) => [version, state, environment])).toEqual([
      [1, 'started', null],
      [2, 'deployed', 'production'],
    ]);
  });

  it('is nothing of a repository that no product lives in', async () => {
    const there = { repository: { full_name: 'acme/other', html_url: 'https://github.com/acme/other' } };
    const { body } = await post('deployment_status', deploymentStatus('success', there));
    expect(await handled(body.id)).toBe('done');
    expect(await releases()).toEqual([]);
  });

  it('is taken once, also when it is sent again', async () => {
    const first = await post('deployment_status', deploymentStatus('success'));
    const again = await post('deployment_status', deploymentStatus('success'));
    expect([first.status, again.status]).toEqual([202, 200]);
    expect(again.body.id).toBe(first.body.id);
    await handled(first.body.id);
    expect(await registry.published(ReleaseReported)).toHaveLength(1);
  });

  it('may be a form, and be signed with the secret that is being replaced', async () => {
    const form = new URLSearchParams({ payload: JSON.stringify(deploymentStatus('failure')) }).toString();
    const { status, body } = await post('deployment_status', form, {
      'content-type': 'application/x-www-form-urlencoded',
      'x-hub-signature-256': sign(form, OLD_SECRET),
    });
    expect(status).toBe(202);
    await handled(body.id);
    expect(await releases()).toMatchObject([{ state: 'failed', log: 'the deployment ended: failure' }]);
  });

  it.each([
    ['without a signature', ''],
    ['with another secret', 'sha256=' + createHmac('sha256', 'of somebody else').update('{}').digest('hex')],
    ['with the old kind of signature', 'sha1=bf29dc5baeb3f5a1f0c3d4e7a3f1b2c3d4e5f607'],
  ])('is refused %s', async (_what, signature) => {
    const { status, body } = await post('push', '{}', { 'x-hub-signature-256': signature });
    expect(status).toBe(401);
    expect(body.detail).toContain('X-Hub-Signature-256');
  });

  it('ends as a dead letter where it is not as described', async () => {
    const { body } = await post('push', { ref: 7 });
    expect(await handled(body.id)).toBe('dead letter');
  });

  describe('of a push', () => {
    const repository = {
      full_name: 'acme/handbook',
      html_url: 'https://github.com/acme/handbook',
      default_branch: 'main',
    };
    const isThere = async (id: string): Promise<boolean> =>
      (await registry.list()).some((process) => process.id === id);

    // Nothing outside may be reached: the library of this machine is said to be the one of the repository.
    beforeEach(() => {
      const reader = registry.process.app.get(LibraryReader, { strict: false });
      const remote = 'https://github.com/acme/handbook.git';
      const address = { kind: 'git', remote, ref: 'main', path: 'docs', label: registry.library } as const;
      jest.spyOn(reader, 'addresses').mockReturnValue([address]);
      writeFileSync(registry.library, bakery.replaceAll('fire oven', 'heat oven').replaceAll('fire-oven', 'heat-oven'));
    });

    it('that touches the library imports it', async () => {
      const { body } = await post('push', pushed({ repository }));
      expect(await handled(body.id)).toBe('done');
      expect(await isThere('baking-heat-oven')).toBe(true);
      expect((await registry.get(mixDough)).status).toBe('uncertified');
    });

    it('that touches something else does not', async () => {
      const { body } = await post('push', pushed({ repository, commits: [{ modified: ['README.md'] }] }));
      expect(await handled(body.id)).toBe('done');
      expect(await isThere('baking-heat-oven')).toBe(false);
    });

    it('that made the library wrong says so, and is tried again', async () => {
      writeFileSync(registry.library, bakery.replace('trigger: quarterly', 'trigger: whenever'));
      const { body } = await post('push', pushed({ repository }));
      const error = await eventually(async () => {
        const [row] = await registry.database.query<{ error: string | null }>(
          'select error from intake where id = $1',
          [body.id],
        );
        if (!row?.error) throw new Error('nothing is said yet');
        return row.error;
      });
      expect(error).toContain('whenever');
      writeFileSync(registry.library, bakery);
      expect(await handled(body.id)).toBe('done');
    });
  });

  it('is shown page by page', async () => {
    for (const id of [1, 2, 3]) {
      await post('deployment_status', deploymentStatus('success', { deployment: { id, sha: 'a', ref: `v${id}` } }));
    }
    await eventually(async () => {
      if ((await releases()).length < 3) throw new Error('not all are there');
    });
    const first = await registry.ask<Page<ReleaseView>>('GET', '/api/releases?limit=2');
    const second = await registry.ask<Page<ReleaseView>>('GET', `/api/releases?limit=2&cursor=${first.next}`);
    expect([...first.items, ...second.items].map(({ release }) => release)).toEqual(['v3', 'v2', 'v1']);
    expect(second.next).toBeNull();
  });
});
