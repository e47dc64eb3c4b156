import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKey } from '../backup/encryption';
import { recert, ServiceStub } from '../service-stub';

const NAME = 'recert-2026-11-30T2130Z';

describe('recert backup', () => {
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'recert-backups-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const settings = (more: Record<string, string> = {}) => ({
    ...{ BACKUP_TO: folder, DATABASE_URL: 'postgres://postgres:secret-of-tests@127.0.0.1:1/recert' },
    ...more,
  });

  it('makes a pair of keys, whose public half is a line for .env', async () => {
    const { code, out } = await recert('backup key', {});
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}AGE-SECRET-KEY-1[0-9A-Z]{58}$/m);
    expect(out).toMatch(/^ {2}BACKUP_RECIPIENT=age1[0-9a-z]{58}$/m);
    expect(out).toContain('Keep it away from this machine');
  });

  it.each([
    ['backup', { BACKUP_TO: '' }, 'BACKUP_TO is missing'],
    ['backup', {}, 'BACKUP_RECIPIENT is missing. Backups are made encrypted only: `recert backup key` makes a key'],
    ['backup', { BACKUP_RECIPIENT: 'ssh-ed25519' }, 'BACKUP_RECIPIENT is malformed (expected age1...'],
    ['backup', { BACKUP_RECIPIENT: 'age1abc' }, 'BACKUP_RECIPIENT: "age1abc" is no key'],
    [
      'backup',
      { BACKUP_RECIPIENT: 'age1abc', DATABASE_URL: '' },
      'DATABASE_URL is missing. The database, as its superuser',
    ],
    ['backup', { DATABASE_URL: 'secret-of-tests' }, 'DATABASE_URL is malformed (expected something like postgres://'],
    ['backup --keep 0', {}, 'BACKUP_KEEP is malformed (at least 1: the last backup is never removed)'],
    ['backup --keep many', {}, 'BACKUP_KEEP is malformed (expected a number of at least 1)'],
    ['backup --to ftp://host/folder', {}, '"ftp://host/folder" is no place for backups: write a folder, or s3://'],
    ['backup --to s3://bucket', {}, 'S3_ENDPOINT is missing'],
    ['restore', {}, 'NAME is missing'],
    ['restore latest', {}, 'BACKUP_IDENTITY is missing. The secret half of the key'],
    ['restore latest --identity /nowhere/key', {}, '--identity /nowhere/key cannot be read: ENOENT'],
    ['backup verify', {}, 'NAME is missing'],
  ])('says what is wrong with `recert %s` and %j', async (line, wrong, message) => {
    const { code, out, err } = await recert(line, settings(wrong));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.startsWith(`recert: ${message}`)).toBe(true);
    expect(err).not.toContain('secret-of-tests');
  });

  it('says that the database does not answer, and leaves nothing', async () => {
    const { recipient } = await newKey();
    const { code, err } = await recert('backup', settings({ BACKUP_RECIPIENT: recipient }));
    expect({ code, err }).toEqual({
      code: 3,
      err: 'The database of DATABASE_URL cannot be used (connect ECONNREFUSED 127.0.0.1:1).\n',
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('lists what is there, and what broke off', async () => {
    expect((await recert('backup list', settings())).out).toBe('There are no backups yet.\n');
    writeFileSync(join(folder, `${NAME}.dump.age`), 'x'.repeat(1500));
    writeFileSync(join(folder, 'mine.txt'), '');
    expect((await recert('backup list', settings())).out).toBe(
      `NAME                     SIZE    STATE\n${NAME}  1.5 KB  broke off\n`,
    );
    writeFileSync(join(folder, `${NAME}.json`), '{}');
    expect((await recert('backup list', settings())).out).toContain(`${NAME}  1.5 KB  complete\n`);
  });

  it.each([
    ['latest', `FOLDER has no backup. It has none at all.`],
    [NAME, `${NAME} never became a backup: it broke off. It has none at all.`],
    ['recert-2020-01-01T0000Z', 'FOLDER has no recert-2020-01-01T0000Z. It has none at all.'],
  ])('restores no %s that is none', async (name, message) => {
    writeFileSync(join(folder, `${NAME}.dump.age`), 'half');
    const { code, err } = await recert(`restore ${name}`, settings({ BACKUP_IDENTITY: (await newKey()).identity }));
    expect({ code, err }).toEqual({ code: 1, err: `${message.replace('FOLDER', folder)}\n` });
  });

  it('does not guess what a manifest means', async () => {
    writeFileSync(join(folder, `${NAME}.dump.age`), 'x');
    writeFileSync(join(folder, `${NAME}.json`), '{"format": 2}');
    const { err } = await recert('restore latest', settings({ BACKUP_IDENTITY: (await newKey()).identity }));
    expect(err).toBe(`${NAME}.json cannot be understood: it is damaged, or of a newer Recert.\n`);
  });

  describe('tells the hub', () => {
    let hub: ServiceStub;
    let url: string;

    beforeEach(async () => {
      hub = new ServiceStub();
      url = await hub.start();
    });
    afterEach(() => hub.stop());

    it('that it starts, and why it failed', async () => {
      hub.answer('POST /hooks/tasks/backup', 202, [{ id: '1' }]);
      await recert('backup', settings({ BACKUP_TASK_TOKEN: 'of-the-task', RECERT_URL: url, RECERT_TOKEN: 'mine' }));
      expect(hub.heard.map(({ url: path, token, body }) => [path, token, body])).toEqual([
        ['/hooks/tasks/backup', 'Bearer of-the-task', { status: 'start' }],
        [
          '/hooks/tasks/backup',
          'Bearer of-the-task',
          { status: 'fail', log: expect.stringMatching(/^BACKUP_RECIPIENT is missing/) as string },
        ],
      ]);
    });

    it('nothing without a token', async () => {
      await recert('backup', settings({ RECERT_URL: url, RECERT_TOKEN: 'mine' }));
      expect(hub.heard).toEqual([]);
    });

    it.each([
      ['does not know the task', false, 'Not Found'],
      ['is away', true, 'Recert does not answer at'],
    ])('and says so when it %s, with the same end', async (_, isAway, why) => {
      if (isAway) await hub.stop();
      const { code, err } = await recert('backup', settings({ BACKUP_TASK_TOKEN: 'of-the-task', RECERT_URL: url }));
      expect(code).toBe(2);
      for (const status of ['start', 'fail']) {
        expect(err).toContain(`The hub was not told "${status}" of this backup: ${why}`);
      }
      expect(err).toContain('BACKUP_RECIPIENT is missing');
    });
  });
});
