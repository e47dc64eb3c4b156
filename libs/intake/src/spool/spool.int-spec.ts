import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newEventId, timeOfEventId } from '@recert/bus';
import { type NewIntake } from '../intake.repository';
import { Spool } from './spool';
import { SpoolFolder } from './spool-folder';
import { encodeRow, SPOOL_HEADER } from './spool-record';

const MIB = 1024 * 1024;
const LATER = (): Date => new Date(Date.now() + 10_000);

describe('a spool', () => {
  let path: string;
  const spools: Spool[] = [];
  const unreadable: string[] = [];

  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'recert-spool-'));
    unreadable.length = 0;
  });
  afterEach(async () => {
    for (const spool of spools.splice(0)) await spool.close().catch(() => undefined);
    rmSync(path, { recursive: true });
  });

  function openSpool(mostBytes = 64 * MIB, service = 'notes'): Spool {
    const spool = new Spool(new SpoolFolder(path, service), mostBytes, (name) => unreadable.push(name));
    spools.push(spool);
    return spool;
  }
  function rowOf(text: string, repeatKey: string | null = null): NewIntake {
    const id = newEventId();
    return {
      ...{ id, hook: 'notes', target: null, sender: 'token 1', productId: null, headers: {}, body: Buffer.from(text) },
      ...{ attempts: 1, receivedAt: timeOfEventId(id), repeatKey, digest: null },
    };
  }
  const rowsOf = (n: number, size = 10): NewIntake[] =>
    Array.from({ length: n }, (_, at) => rowOf(`${at} ${'x'.repeat(size)}`));
  const files = (end = '.spool'): string[] =>
    readdirSync(path)
      .filter((name) => name.endsWith(end))
      .sort();
  const only = (): string => join(path, files()[0]!);

  async function drain(spool: Spool): Promise<string[]> {
    const ids: string[] = [];
    for (let batch = await spool.next(); batch !== null; batch = await spool.next()) {
      ids.push(...batch.rows.map(({ id }) => id));
      spool.done(batch);
    }
    return ids;
  }
  const idsOf = (rows: readonly NewIntake[]): string[] => rows.map(({ id }) => id);

  it('gives back what it was given, in its order, and leaves no file', async () => {
    const spool = openSpool();
    const rows = rowsOf(600);
    for (let at = 0; at < rows.length; at += 100) await spool.append(rows.slice(at, at + 100));
    expect([spool.requests, files().length]).toEqual([600, 1]);
    expect(spool.bytes).toBe(statSync(only()).size);
    expect(await drain(spool)).toEqual(idsOf(rows));
    expect([spool.requests, spool.bytes, spool.isEmpty, files()]).toEqual([0, 0, true, []]);
  });

  it('takes what is larger than what it reads at once', async () => {
    const spool = openSpool();
    const rows = [rowOf('a'.repeat(3)), rowOf('b'.repeat(MIB)), rowOf('c'.repeat(3))];
    await spool.append(rows);
    const read: Buffer[] = [];
    for (let batch = await spool.next(); batch !== null; batch = await spool.next()) {
      read.push(...batch.rows.map(({ body }) => body));
      spool.done(batch);
    }
    expect(read.map((body) => body.toString())).toEqual(rows.map(({ body }) => body.toString()));
  });

  it('writes another file when one is large, and removes each as soon as it is drained', async () => {
    const spool = openSpool();
    const rows = rowsOf(20, MIB - 100);
    for (const row of rows) await spool.append([row]);
    expect(files()).toHaveLength(3);
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const batch = (await spool.next())!;
      ids.push(...idsOf(batch.rows));
      spool.done(batch);
    }
    expect(files().length).toBeLessThan(3);
    expect([...ids, ...(await drain(spool))]).toEqual(idsOf(rows));
  });

  it('goes on being appended to while it is drained', async () => {
    const spool = openSpool();
    const rows = rowsOf(400);
    let isOver = false;
    const appending = (async () => {
      for (const row of rows) await spool.append([row]);
      isOver = true;
    })();
    const ids: string[] = [];
    while (!isOver || !spool.isEmpty) {
      ids.push(...(await drain(spool)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await appending;
    expect(ids).toEqual(idsOf(rows));
  });

  it('knows a repeat of what it holds', async () => {
    const spool = openSpool();
    const key = 'a'.repeat(32);
    const [first, second, third] = [rowOf('a', key), rowOf('a', key), rowOf('a', key)];
    expect(await spool.append([first, second])).toEqual([{ kind: 'new' }, { kind: 'repeat', id: first.id }]);
    expect(await spool.append([third])).toEqual([{ kind: 'repeat', id: first.id }]);
    expect(await drain(spool)).toEqual([first.id]);
  });

  it('knows a repeat of what it has held until the table is asked instead', async () => {
    const spool = openSpool();
    const key = 'a'.repeat(32);
    const [first, second, third] = [rowOf('a', key), rowOf('a', key), rowOf('a', key)];
    await spool.append([first]);
    await drain(spool);
    expect(await spool.append([second])).toEqual([{ kind: 'repeat', id: first.id }]);
    spool.forgetRepeats();
    expect(await spool.append([third])).toEqual([{ kind: 'new' }]);
  });

  describe('with a limit', () => {
    const row = rowOf('x');
    const size = encodeRow(row).length;

    it.each([
      [-1, ['refused']],
      [0, ['new']],
      [size - 1, ['new', 'refused']],
      [size, ['new', 'new']],
    ])('of one request and %s bytes', async (more, kinds) => {
      const spool = openSpool(SPOOL_HEADER.length + size + more);
      const group = kinds.map(() => rowOf('x'));
      expect((await spool.append(group)).map(({ kind }) => kind)).toEqual(kinds);
      expect(spool.hasRoom).toBe(!kinds.includes('refused'));
      expect((await drain(spool)).length).toBe(kinds.filter((kind) => kind === 'new').length);
      expect(spool.hasRoom).toBe(true);
    });
  });

  it('says that the disk is gone, and holds nothing of what it could not write', async () => {
    const spool = openSpool();
    rmSync(path, { recursive: true });
    await expect(spool.append([rowOf('a')])).rejects.toThrow('ENOENT');
    expect([spool.requests, spool.isEmpty]).toEqual([0, true]);
    mkdirSync(path);
  });

  describe('of a process that is gone', () => {
    it('is taken over when nobody has touched it for five seconds, by one of several', async () => {
      const rows = rowsOf(3);
      const gone = openSpool();
      await gone.append(rows);
      const touched = new Date('2026-11-30T21:00:00Z');
      await gone.touch(touched);
      const [one, other] = [openSpool(), openSpool()];
      await one.takeOver(new Date(touched.getTime() + 4_999));
      expect(one.isEmpty).toBe(true);
      const at = new Date(touched.getTime() + 5_000);
      await Promise.all([one.takeOver(at), other.takeOver(at)]);
      expect([one.requests, other.requests].sort()).toEqual([0, 3]);
      expect([...(await drain(one)), ...(await drain(other))]).toEqual(idsOf(rows));
      expect(files()).toEqual([]);
    });

    it('is not taken over while it is touched, nor by another service', async () => {
      const spool = openSpool();
      await spool.append(rowsOf(1));
      await spool.touch(new Date(Date.now() + 60_000));
      const next = openSpool();
      await next.takeOver(LATER());
      expect(next.isEmpty).toBe(true);
      const other = openSpool(MIB, 'other');
      await other.takeOver(new Date(Date.now() + 600_000));
      expect(other.isEmpty).toBe(true);
    });

    it('is taken over at once when it was closed', async () => {
      const rows = rowsOf(2);
      const spool = openSpool();
      await spool.append(rows);
      await spool.close();
      const next = openSpool();
      await next.takeOver(new Date());
      expect(await drain(next)).toEqual(idsOf(rows));
    });

    it('comes before what was spooled since, file after file', async () => {
      const before = openSpool();
      const rows = rowsOf(12, MIB - 100);
      for (const row of rows) await before.append([row]);
      const next = openSpool();
      await next.takeOver(LATER());
      const since = rowOf('since');
      await next.append([since]);
      expect(await drain(next)).toEqual([...idsOf(rows), since.id]);
    });

    it('loses nothing when it was not gone at all, and appends behind', async () => {
      const before = openSpool();
      const [first, second] = [rowOf('first'), rowOf('second')];
      await before.append([first]);
      const next = openSpool();
      await next.takeOver(LATER());
      expect(await drain(next)).toEqual([first.id]);
      await before.append([second]);
      expect(await drain(before)).toEqual([second.id]);
      expect(files()).toEqual([]);
    });
  });

  describe('that was torn by a power cut', () => {
    /** A spool of three rows of which the last one ends early. */
    async function torn(keep: number): Promise<NewIntake[]> {
      const rows = rowsOf(3);
      await openSpool().append(rows);
      truncateSync(only(), keep);
      return rows;
    }
    const end = (rows: number): number =>
      SPOOL_HEADER.length + rows * encodeRow({ ...rowOf(`0 ${'x'.repeat(10)}`) }).length;

    it.each([
      ['in the middle of a record', 2, 20],
      ['behind its first byte', 2, 1],
      ['before its last byte', 2, -1],
      ['in its header', 0, -3],
    ])('%s is drained up to there, and the rest lies aside', async (_, whole, more) => {
      const keep = more < 0 && whole > 0 ? end(whole + 1) + more : end(whole) + more;
      const rows = await torn(keep);
      const text = readFileSync(only());
      const spool = openSpool();
      await spool.takeOver(LATER());
      expect(await drain(spool)).toEqual(idsOf(rows.slice(0, whole)));
      expect([files(), unreadable, spool.aside]).toEqual([[], files('.aside'), 1]);
      expect(readFileSync(join(path, unreadable[0]!))).toEqual(text.subarray(whole === 0 ? 0 : end(whole)));
    });

    it.each([0, 1, 2, 3])('behind %s whole records loses nothing and puts nothing aside', async (whole) => {
      const rows = await torn(end(whole));
      const spool = openSpool();
      await spool.takeOver(LATER());
      expect(await drain(spool)).toEqual(idsOf(rows.slice(0, whole)));
      expect([files(), files('.aside')]).toEqual([[], []]);
    });

    it('into zeros keeps these aside, too', async () => {
      const rows = await torn(end(3));
      appendFileSync(only(), Buffer.alloc(4_096));
      const spool = openSpool();
      await spool.takeOver(LATER());
      expect(await drain(spool)).toEqual(idsOf(rows));
      expect(readFileSync(join(path, unreadable[0]!))).toEqual(Buffer.alloc(4_096));
    });

    it('before anything was written into a file leaves nothing of it', async () => {
      await torn(0);
      const spool = openSpool();
      await spool.takeOver(LATER());
      expect([await drain(spool), files(), files('.aside')]).toEqual([[], [], []]);
    });
  });

  it('keeps aside what is damaged later on, and drains what comes then', async () => {
    const spool = openSpool();
    const rows = rowsOf(3);
    await spool.append(rows);
    const bytes = readFileSync(only());
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(only(), bytes);
    const next = rowOf('next');
    expect(await drain(spool)).toEqual(idsOf(rows.slice(0, 2)));
    await spool.append([next]);
    expect(await drain(spool)).toEqual([next.id]);
    expect(unreadable).toEqual(files('.aside'));
  });

  it('keeps one row aside in the same format', async () => {
    const spool = openSpool();
    const row = rowOf('refused');
    const name = await spool.setAside(row);
    expect(readFileSync(join(path, name))).toEqual(Buffer.concat([SPOOL_HEADER, encodeRow(row)]));
    utimesSync(join(path, name), 0, 0);
    await spool.takeOver(LATER());
    expect([spool.isEmpty, spool.aside]).toEqual([true, 1]);
  });
});
