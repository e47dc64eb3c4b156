import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceStub } from '../service-stub';
import { BackupSuite, describeWithPrograms, programs } from './backup-suite';

describeWithPrograms('a dump', () => {
  let suite: BackupSuite;

  beforeAll(async () => {
    suite = await BackupSuite.start();
  });
  afterAll(() => suite.stop());
  beforeEach(() => suite.seed());
  afterEach(() => suite.clear());

  describe('is none', () => {
    /** Programs of which one behaves otherwise. */
    function pathWith(name: string, script: string): { PATH: string } {
      const bin = join(suite.folder, 'bin');
      mkdirSync(bin);
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
      return { PATH: `${bin}:${programs!}:/usr/bin:/bin` };
    }
    const files = () => readdirSync(suite.folder).filter((name) => name !== 'bin');

    it('when pg_dump is killed half way', async () => {
      const real = join(programs!, 'pg_dump');
      const script = `[ "$1" = --version ] && exec ${real} --version\n${real} "$@" | head -c 100000\nkill -9 $$`;
      const { code, out, err } = await suite.recert('backup', pathWith('pg_dump', script));
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(/^The dump broke off: pg_dump was ended by SIGKILL/);
      expect(files()).toEqual([]);
    });

    it('when pg_dump says at its end that something was wrong', async () => {
      const real = join(programs!, 'pg_dump');
      const script = `${real} "$@" || exit 9\n[ "$1" = --version ] && exit 0\necho 'it was not all' >&2\nexit 1`;
      const { code, err } = await suite.recert('backup', pathWith('pg_dump', script));
      expect({ code, err }).toEqual({ code: 1, err: 'The dump broke off: pg_dump ended with 1: it was not all\n' });
      expect(files()).toEqual([]);
    });

    it('by a pg_dump that is older than the server, or without one', async () => {
      const older = await suite.recert('backup', pathWith('pg_dump', `echo 'pg_dump (PostgreSQL) 14.9'`));
      expect(older.code).toBe(1);
      expect(older.err).toMatch(
        /^pg_dump is of PostgreSQL 14, the data are of \d+, and an older one does not know all of that\.\n/,
      );
      expect(older.err).toContain('stop it and copy its folder .data');
      const none = await suite.recert('backup', { PATH: '/nowhere' });
      expect(none.err).toMatch(
        /^pg_dump is not on the PATH\.\nInstall the programs of PostgreSQL \d+ \(postgresql-client-\d+\)/,
      );
      expect(files()).toEqual([]);
    });

    it('twice in a minute, and the first one stays', async () => {
      const name = await suite.backUp();
      const bytes = readFileSync(join(suite.folder, `${name}.dump.age`));
      // The next minute may have begun.
      const again = [await suite.recert('backup'), await suite.recert('backup')];
      expect(again.map(({ err }) => err).join('')).toContain('there is one backup a minute. Nothing was changed.');
      expect(readFileSync(join(suite.folder, `${name}.dump.age`)).equals(bytes)).toBe(true);
    });

    it('on a full disk', async () => {
      const disk = join(suite.folder, 'disk');
      mkdirSync(disk);
      if (!mountsSmall(disk)) return;
      try {
        const { code, err } = await suite.recert('backup', { BACKUP_TO: disk });
        expect(code).toBe(1);
        expect(err).toMatch(/^The dump cannot be written to .*: ENOSPC\n$/);
        expect(readdirSync(disk)).toEqual([]);
      } finally {
        execFileSync('umount', [disk]);
      }
    });
  });

  it('keeps as many as it shall, and removes older ones only when the new one is complete', async () => {
    const name = await suite.backUp();
    for (const day of ['01', '02', '03']) suite.copy(name, `recert-2020-01-${day}T0000Z`);
    for (const ending of ['dump.age', 'json']) rmSync(join(suite.folder, `${name}.${ending}`));
    writeFileSync(join(suite.folder, 'recert-2020-01-04T0000Z.dump.age.part'), 'half');
    writeFileSync(join(suite.folder, 'mine.dump.age'), 'mine');

    const broken = await suite.recert('backup --keep 1', { DATABASE_URL: suite.url('no-such-database') });
    expect(broken.code).toBe(3);
    expect(readdirSync(suite.folder)).toHaveLength(8);

    const { out } = await suite.recert('backup --keep 2');
    expect(out).toContain('Removed: recert-2020-01-02T0000Z, recert-2020-01-01T0000Z, recert-2020-01-04T0000Z\n');
    const left = readdirSync(suite.folder).filter((file) => !/recert-20(2[6-9]|[3-9])/.test(file));
    expect(left.sort()).toEqual(['mine.dump.age', 'recert-2020-01-03T0000Z.dump.age', 'recert-2020-01-03T0000Z.json']);
  });

  it('is opened and read without any database', async () => {
    await suite.backUp();
    expect(await suite.recert('backup verify latest', { DATABASE_URL: '' })).toMatchObject({ code: 0, err: '' });
  });

  it('is rehearsed in a database of its own, which is gone afterwards', async () => {
    const name = await suite.backUp();
    const { code, out, err } = await suite.recert('backup verify latest --into rehearsal');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      new RegExp(
        `^${name} can be opened, and all of it be read: 2\\d{4} rows in \\d+ tables of kpi-ingest, registry, `,
      ),
    );
    expect(out).toContain('It was restored into rehearsal, which had all of that, and was removed again.');
    expect(await suite.databases()).toEqual(['postgres', 'recert']);
    expect((await suite.recert('backup verify latest --into recert')).err).toContain('is the database in use');
    expect((await suite.recert('backup verify latest --into postgres')).err).toContain(
      'There is a database postgres already. Nothing was changed.',
    );
    expect(await suite.databases()).toEqual(['postgres', 'recert']);
  });

  it('tells the hub of its start and its end, with its size', async () => {
    const hub = new ServiceStub();
    const url = await hub.start();
    hub.answer('POST /hooks/tasks/backup', 202, [{ id: '1' }]);
    await suite.recert('backup', { BACKUP_TASK_TOKEN: 'of-the-task', RECERT_URL: url });
    await hub.stop();
    expect(hub.heard.map(({ body }) => body)).toEqual([
      { status: 'start' },
      { status: 'success', log: expect.stringMatching(/^recert-.*Z: [\d.]+ KB in [\d.]+ s$/) as string },
    ]);
  });

  it('is readable for its owner alone, and holds no word of the data in the clear', async () => {
    const name = await suite.backUp();
    const file = join(suite.folder, `${name}.dump.age`);
    expect(execFileSync('stat', ['-c', '%a', file]).toString().trim()).toBe('600');
    const bytes = readFileSync(file, 'latin1');
    expect(bytes.startsWith('age-encryption.org/v1\n-> X25519 ')).toBe(true);
    for (const word of ['PGDMP', 'append-only', 'registry']) expect(bytes).not.toContain(word);
  });
});

/** Less than a backup takes. @returns false, and says so, where none can be mounted */
function mountsSmall(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'pipe' });
    return true;
  } catch {
    process.stderr.write('NOT TESTED: a full disk takes a small one, which only root may mount\n');
    return false;
  }
}
