import { type Page, type PersonView, type TaskCreated, type TaskView } from '@recert/contracts';
import { eventually, type FakeTelegram } from '@recert/testing';
import { QUESTION } from '../story/play-story';
import { DEPLOY } from '../story/story-library';
import { must } from './commands';
import { VERSION } from './droplet';
import { type Stand } from './stand';

const MINUTES = 60_000;
const COMPOSE = 'cd /srv/recert && docker compose';
const SERVICES = 'registry scheduler notifier kpi-ingest alert-relay';

/** A backup of the database while everything runs, and its restore beside a NATS that is newer, and then beside none. */
export function describeBackup({ droplet, doors }: Stand, telegram: () => FakeTelegram): void {
  let identity: string;

  const handles = async (): Promise<string[]> =>
    (await doors().request<Page<PersonView>>('GET', '/api/people')).items.map(({ handle }) => handle);
  const add = (handle: string): Promise<unknown> =>
    doors().request('POST', '/api/people', { handle, name: handle, roles: ['owner'] });
  const restore = () =>
    droplet.attempt(`${COMPOSE} run --rm -T -e BACKUP_IDENTITY=${identity} backup restore latest 2>&1`);

  it(
    'is made while everything runs, and tells the hub of it',
    async () => {
      const key = JSON.parse(await must(process.execPath, ['apps/cli/dist/main.js', 'backup', 'key', '--json'])) as {
        identity: string;
        recipient: string;
      };
      identity = key.identity;
      const task = { name: 'Backup', id: 'backup', owner: 'ada', trigger: { every: 'P1D' } };
      const { token } = await doors().request<TaskCreated>('POST', '/api/tasks', task);
      const lines = [`BACKUP_RECIPIENT=${key.recipient}`, `BACKUP_TASK_TOKEN=${token}`, `BACKUP_VERSION=${VERSION}`];
      await droplet.inside(`printf '%s\\n' '${lines.join("' '")}' >>/srv/recert/.env`);
      const { code, said } = await droplet.attempt(`${COMPOSE} run --rm -T backup 2>&1`);
      expect([code, said]).toEqual([0, expect.stringMatching(/recert-\d{4}-\d{2}-\d{2}T\d{4}Z: \d+/)]);
      await eventually(async () => {
        const { items } = await doors().request<Page<TaskView>>('GET', '/api/tasks?service=outside');
        expect(items.find(({ id }) => id === 'backup')).toMatchObject({ state: 'up', lastStatus: 'success' });
      }, MINUTES);
    },
    3 * MINUTES,
  );

  it(
    'is restored by nobody while services are connected, and beside a NATS that is newer loses nothing that it has',
    async () => {
      await add('after-the-backup');
      await doors().request('PATCH', `/api/processes/${DEPLOY}`, { deputy: 'after-the-backup' });
      const refused = await restore();
      expect([refused.code, refused.said]).toEqual([
        expect.any(Number),
        expect.stringContaining('docker compose stop'),
      ]);
      expect(refused.code).not.toBe(0);
      expect(await handles()).toContain('after-the-backup');

      await droplet.inside(`${COMPOSE} stop ${SERVICES} 2>&1`);
      const { code, said } = await restore();
      expect([code, said]).toEqual([0, expect.stringContaining('recert_before_')]);
      await droplet.inside(`${COMPOSE} up -d --no-build --wait --wait-timeout 120 2>&1`);
      await eventually(async () => expect(await handles()).toContain('after-the-backup'), MINUTES);
      expect((await doors().process(DEPLOY)).deputy).toBe('after-the-backup');
      expect(await doors().verifyAudit()).toMatchObject({ ok: true, broken: null });
    },
    5 * MINUTES,
  );

  it(
    'goes on beside a NATS that lost everything: the outboxes fill it, and owners are asked',
    async () => {
      await droplet.inside(`${COMPOSE} rm -s -f nats 2>&1 && docker volume rm recert_nats`);
      await add('after-the-loss');
      await droplet.inside(`${COMPOSE} up -d --no-build --wait --wait-timeout 120 2>&1`);
      const before = telegram().chat(100_001).messages.length;
      await doors().ask(DEPLOY);
      await eventually(() => {
        const asked = telegram().chat(100_001).messages.slice(before);
        expect(asked.some(({ text }) => text.includes(QUESTION))).toBe(true);
      }, MINUTES);
      expect(await handles()).toContain('after-the-loss');
    },
    5 * MINUTES,
  );
}
