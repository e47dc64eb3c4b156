import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BackupSuite, contentOf, describeWithPrograms } from './backup-suite';
import { newKey } from './encryption';
import { type Manifest } from './manifest';
import { s3Keys, S3Stub } from './s3-stub';

describeWithPrograms('a backup', () => {
  let suite: BackupSuite;

  beforeAll(async () => {
    suite = await BackupSuite.start();
  });
  afterAll(() => suite.stop());
  beforeEach(() => suite.seed());
  afterEach(() => suite.clear());

  describe('restored', () => {
    it('has every row, sequence, trigger, right and setting again', async () => {
      const before = await suite.onRecert(contentOf);
      expect(before['rights']).toMatch(/registry=c/);
      const name = await suite.backUp();
      await suite.as('registry', (client) =>
        client.query(`delete from process; insert into process (name) values ('later')`),
      );
      expect(await suite.onRecert(contentOf)).not.toEqual(before);

      const { code, out, err } = await suite.recert(`restore ${name}`);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain(`recert is now ${name}: `);
      await suite.onRecert((client) => client.query('update registry.bus_transport set restored_at = null'));
      expect(await suite.onRecert(contentOf)).toEqual(before);
    });

    it('goes on as the services left it: the history refuses, an identity counts on, a role sees its own schema alone', async () => {
      await suite.backUp();
      expect((await suite.recert('restore latest')).code).toBe(0);
      await suite.as('registry', async (client) => {
        await expect(client.query(`update history set what = ''`)).rejects.toThrow('append-only: update of history');
        await expect(client.query('truncate history')).rejects.toThrow('append-only: truncate of history');
        expect((await client.query(`insert into process (name) values ('d') returning id`)).rows).toEqual([{ id: 4 }]);
        expect((await client.query(`select nextval('ticket')`)).rows).toEqual([{ nextval: '46' }]);
        await expect(client.query('select * from "kpi-ingest".migration')).rejects.toThrow('permission denied');
        await expect(client.query('create table public.t (n int)')).rejects.toThrow('permission denied');
      });
      await suite.as('kpi-ingest', async (client) => {
        expect((await client.query('show search_path')).rows).toEqual([{ search_path: '"kpi-ingest"' }]);
      });
      await suite.onServer((client) => client.query(`create role stranger login password 'of-tests'`));
      await expect(suite.as('stranger', (client) => client.query('select 1'))).rejects.toThrow(
        'permission denied for database',
      );
      await suite.onServer((client) => client.query('drop role stranger'));
    });

    it('tells each service that has a place for it of when its data are', async () => {
      const { takenAt } = JSON.parse((await suite.recert('backup --json')).out) as Manifest;
      await suite.recert('restore latest');
      const { rows } = await suite.onRecert((client) =>
        client.query('select restored_at = $1 as told from registry.bus_transport', [takenAt]),
      );
      expect(rows).toEqual([{ told: true }]);
    });

    it('leaves the database of before beside it, and the lines it says lead back, and away', async () => {
      await suite.backUp();
      await suite.as('registry', (client) => client.query(`insert into process (name) values ('later')`));
      const { out } = await suite.recert('restore latest');
      const names = () => suite.as('registry', async (client) => (await client.query('select from process')).rowCount);
      expect(await names()).toBe(3);

      const statements = out.split('\n').filter((line) => /^ {2}\w.*;$/.test(line));
      expect(statements).toHaveLength(3);
      for (const statement of statements.slice(0, 2)) await suite.onServer((client) => client.query(statement));
      expect(await names()).toBe(4);
      expect((await suite.databases()).filter((each) => /^recert_(before|restore)_/.test(each))).toEqual([]);

      const again = await suite.recert('restore latest');
      await suite.onServer((client) =>
        client.query(again.out.split('\n').filter((line) => line.startsWith('  drop'))[0]!),
      );
      expect((await suite.databases()).filter((each) => each.startsWith('recert_before'))).toEqual([]);
      expect(await names()).toBe(3);
    });

    it('is one moment, also while others write', async () => {
      let stop = false;
      let moved = 0;
      const writer = () =>
        suite.as('registry', async (client) => {
          while (!stop) {
            const id = 1 + (moved % 10);
            await client.query('begin');
            await client.query('update a_account set amount = amount - 1 where id = $1', [id]);
            await client.query('update z_account set amount = amount + 1 where id = $1', [id]);
            await client.query(`insert into process (name) values ('p' || gen_random_uuid())`);
            await client.query('commit');
            moved += 1;
          }
        });
      const writers = [writer(), writer()];
      // The naive copy shows that there is something to get wrong: table after table, each as it is by then.
      const naive = await suite.onRecert(async (client) => {
        const sum = async (table: string) =>
          Number((await client.query<{ n: string }>(`select sum(amount) as n from registry.${table}`)).rows[0]!.n);
        const first = await sum('a_account');
        await new Promise((done) => setTimeout(done, 300));
        return first + (await sum('z_account'));
      });
      const before = moved;
      await suite.backUp();
      expect(moved).toBeGreaterThan(before);
      stop = true;
      await Promise.all(writers);
      expect(naive).not.toBe(20_000);

      expect(await suite.recert('restore latest')).toMatchObject({ code: 0, err: '' });
      const { rows } = await suite.onRecert((client) =>
        client.query(
          'select (select sum(amount) from registry.a_account) + (select sum(amount) from registry.z_account) as sum',
        ),
      );
      expect(rows).toEqual([{ sum: '20000' }]);
    });

    it('is the same from a bucket, whose files the tool leaves alone where they are not its own', async () => {
      const stub = new S3Stub('backups');
      const s3 = {
        ...{ S3_ENDPOINT: await stub.start(), S3_REGION: s3Keys.region, BACKUP_STAGING: suite.folder },
        ...{ S3_ACCESS_KEY_ID: s3Keys.id, S3_SECRET_ACCESS_KEY: s3Keys.secret, BACKUP_TO: 's3://backups/recert' },
      };
      try {
        stub.objects.set('recert/mine.txt', Buffer.from('mine'));
        const before = await suite.onRecert(contentOf);
        expect(await suite.recert('backup', s3)).toMatchObject({ code: 0, err: '' });
        expect([...stub.objects.keys()].map((each) => each.replace(/\d{4}-.*Z/, 'TIME'))).toEqual([
          'recert/mine.txt',
          'recert/recert-TIME.dump.age',
          'recert/recert-TIME.json',
        ]);
        expect(readdirSync(suite.folder)).toEqual([]);
        await suite.as('registry', (client) => client.query('delete from process'));
        expect(await suite.recert('restore latest', s3)).toMatchObject({ code: 0, err: '' });
        await suite.onRecert((client) => client.query('update registry.bus_transport set restored_at = null'));
        expect(await suite.onRecert(contentOf)).toEqual(before);
      } finally {
        await stub.stop();
      }
    });
  });

  describe('is refused, and the database in use stays as it was,', () => {
    const expectUntouched = async (): Promise<void> => {
      expect(await suite.databases()).toEqual(['postgres', 'recert']);
    };

    it('while a service is connected, which is named with what stops it', async () => {
      const name = await suite.backUp();
      await suite.as('registry', async () => {
        const { code, err } = await suite.recert(`restore ${name}`);
        expect({ code, err }).toEqual({
          code: 1,
          err: 'Somebody is still in the database recert: registry (1). First: docker compose stop registry\n',
        });
      });
      await expectUntouched();
      expect((await suite.recert(`restore ${name}`)).code).toBe(0);
    });

    it('with another key, and nothing of it is said', async () => {
      await suite.backUp();
      const { identity } = await newKey();
      const { code, err } = await suite.recert('restore latest', { BACKUP_IDENTITY: identity });
      expect({ code, err }).toEqual({
        code: 1,
        err: 'This key does not open this backup: it was made for another one.\nNothing was changed.\n',
      });
      await expectUntouched();
    });

    it('when a byte of it was changed, also by somebody who changed the sum with it', async () => {
      const name = await suite.backUp();
      const file = join(suite.folder, `${name}.dump.age`);
      const bytes = readFileSync(file);
      bytes[bytes.length - 20_000]! ^= 1;
      writeFileSync(file, bytes);
      const first = await suite.recert('restore latest');
      expect(first).toMatchObject({
        code: 1,
        err: `${name}.dump.age is not what was backed up: it has other bytes than were written.\n`,
      });
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      suite.changeManifest(name, { sha256 });
      const second = await suite.recert('restore latest');
      expect(second.code).toBe(1);
      expect(second.err).toMatch(new RegExp(`^${name} is damaged: .*\nNothing was changed.\n$`));
      await expectUntouched();
    });

    it('when what comes out is not what the manifest says', async () => {
      const name = await suite.backUp();
      suite.changeManifest(name, { rows: { ...suite.manifest(name).rows, 'registry.process': 4 } });
      const { code, err } = await suite.recert('restore latest');
      expect({ code, err }).toEqual({
        code: 1,
        err: 'What was restored is not what was backed up:\n  table registry.process has 3 rows, not 4\nNothing was changed.\n',
      });
      await expectUntouched();
    });

    it('where a role is missing, with how it is made, and by an older server', async () => {
      const name = await suite.backUp();
      suite.changeManifest(name, { roles: [...suite.manifest(name).roles, 'late-invoices'] });
      expect((await suite.recert('restore latest')).err).toMatch(
        /^The server has no role late-invoices\. .*create-roles\.sh\n$/,
      );
      suite.changeManifest(name, { roles: [], postgres: 990000 });
      expect((await suite.recert('restore latest')).err).toMatch(
        /^The backup is of PostgreSQL 99, the server is \d+: /,
      );
      await expectUntouched();
    });
  });
});
