import { cpSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@recert/embedded-postgres';
import { eventually } from '@recert/testing';
import { Client } from 'pg';
import { type Answer, newToken, NotesService, sign } from './fixture';

/** What Sentry waits for an answer, and never sends again. */
const PATIENCE_MS = 1_000;
const DRAINED_MS = 30_000;

interface Heard extends Answer {
  readonly text: string;
  readonly tookMs: number;
}

describe('the hooks of a service whose database goes away', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recert-away-'));
  const SPOOL_DIR = join(folder, 'spool');
  let postgres: EmbeddedPostgres;
  let service: NotesService;
  const { authorization } = newToken('lugha');

  const startPostgres = async (): Promise<void> => {
    postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  };
  const killPostgres = async (): Promise<void> => {
    process.kill(postgres.pid, 'SIGKILL');
    await postgres.exited;
  };
  const start = (more: Record<string, string> = {}): Promise<NotesService> =>
    NotesService.start(postgres.url, { SPOOL_DIR, ...more });

  beforeAll(async () => {
    await startPostgres();
    service = await start();
  });
  afterAll(async () => {
    await service.running.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true });
  });

  const body = (text: string): string => JSON.stringify({ text });
  async function heard(text: string, path: string, headers: Record<string, string>): Promise<Heard> {
    const began = performance.now();
    const response = await service.post(path, body(text), headers);
    const { id } = (await response.json()) as { id: string };
    return { id, status: response.status, text, tookMs: performance.now() - began };
  }
  const send = (text: string): Promise<Heard> => heard(text, '/hooks/notes/lugha', { authorization });
  const sendSigned = (text: string): Promise<Heard> =>
    heard(text, '/hooks/signed', { 'x-signature': sign(body(text)) });

  /** One after the other, as a sender does, until it is told to stop. */
  function sendOn(word: string, sending: (text: string) => Promise<Heard> = send): { stop: () => Promise<Heard[]> } {
    let isOver = false;
    const running = (async () => {
      const all: Heard[] = [];
      for (let n = 0; !isOver; n += 1) {
        all.push(await sending(`${word} ${n}`));
        await sleep(5);
      }
      return all;
    })();
    return { stop: () => ((isOver = true), running) };
  }

  const spooled = (): string[] => readdirSync(SPOOL_DIR);
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${service.running.url}/metrics`)).text();
    return Number(new RegExp(`^${name}\\{service="notes"\\} (.*)$`, 'm').exec(text)?.[1]);
  };

  /** All were taken, each soon, and each is handled once, in the order it came. */
  async function expectAll(all: readonly Heard[], word: string): Promise<void> {
    expect(all.filter(({ status }) => status !== 202)).toEqual([]);
    expect(Math.max(...all.map(({ tookMs }) => tookMs))).toBeLessThan(PATIENCE_MS);
    const texts = all.map(({ text }) => text);
    await eventually(async () => {
      expect((await service.notes()).filter((text) => text.startsWith(word))).toEqual(texts);
      expect(spooled()).toEqual([]);
    }, DRAINED_MS);
    const rows = await service.database.query<{ id: string }>('select id from intake where id = any($1)', [
      all.map(({ id }) => id),
    ]);
    expect(rows).toHaveLength(all.length);
  }

  it('take everything while it is killed and for as long as it is away, and write it when it is back', async () => {
    const sender = sendOn('killed');
    const signer = sendOn('signed', sendSigned);
    await sleep(200);
    await killPostgres();
    await sleep(3_000);
    expect(await metric('recert_spool_requests')).toBeGreaterThan(10);
    expect(await metric('recert_spool_bytes')).toBeGreaterThan(1_000);
    expect(await metric('recert_database_away_seconds')).toBeGreaterThan(2);
    expect((await fetch(`${service.running.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${service.running.url}/health/serving`)).status).toBe(200);
    await startPostgres();
    await sleep(1_000);
    await expectAll(await sender.stop(), 'killed');
    await expectAll(await signer.stop(), 'signed');
    await eventually(async () => {
      expect(await metric('recert_spool_requests')).toBe(0);
      expect(await metric('recert_database_away_seconds')).toBe(0);
    }, 10_000);
  });

  it('lose nothing while their sessions are ended ten times a second', async () => {
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    const sender = sendOn('ended');
    const signer = sendOn('signed and ended', sendSigned);
    for (let n = 0; n < 50; n += 1) {
      await client.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where usename = current_user and pid <> pg_backend_pid()',
      );
      await sleep(100);
    }
    await client.end();
    await expectAll(await sender.stop(), 'ended');
    await expectAll(await signer.stop(), 'signed and ended');
  });

  it('do not wait for one that takes the connection and says nothing', async () => {
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    await send('unlocked');
    await client.query('begin; lock table notes.intake in access exclusive mode');
    const sender = sendOn('locked');
    const other = await heard('another sender', '/hooks/notes/lugha', newToken('lugha'));
    expect(other).toMatchObject({ status: 202 });
    expect(other.tookMs).toBeLessThan(PATIENCE_MS);
    await sleep(2_500);
    await client.query('commit');
    await client.end();
    await expectAll(await sender.stop(), 'locked');
  });

  it('know a repeat of what they hold, and of what they have written then', async () => {
    await killPostgres();
    const [first, signedFirst] = [await send('again'), await sendSigned('signed again')];
    const repeats = [await send('again'), await sendSigned('signed again')];
    await startPostgres();
    await eventually(() => expect(spooled()).toEqual([]), DRAINED_MS);
    repeats.push(await send('again'), await sendSigned('signed again'));
    expect(first.status).toBe(202);
    for (const [at, { id, status }] of repeats.entries())
      expect([id, status]).toEqual([(at % 2 === 0 ? first : signedFirst).id, 200]);
    await eventually(async () =>
      expect((await service.notes()).filter((text) => text.endsWith('again')).sort()).toEqual([
        'again',
        'signed again',
      ]),
    );
  });

  it('take a repeat of what was written before as a repeat when it is drained', async () => {
    await sendSigned('known before');
    await killPostgres();
    expect((await sendSigned('known before')).status).toBe(202);
    const after = await send('after the repeat');
    await startPostgres();
    await expectAll([after], 'after the repeat');
    const known = `select id from intake where convert_from(body, 'utf8') like '%known before%'`;
    expect(await service.database.query(known)).toHaveLength(1);
    await eventually(async () =>
      expect((await service.notes()).filter((text) => text === 'known before')).toHaveLength(1),
    );
  });

  it('write what a process has left that was killed, once, whether it had written some of it or not', async () => {
    await killPostgres();
    const left = [await send('left 1'), await send('left 2'), await send('left 3')];
    const copy = join(folder, 'copy');
    cpSync(SPOOL_DIR, copy, { recursive: true });
    await startPostgres();
    await expectAll(left, 'left');
    // As if this process had been killed before it removed the file, and another had the folder now.
    for (const name of readdirSync(copy)) {
      cpSync(join(copy, name), join(SPOOL_DIR, name));
      utimesSync(join(SPOOL_DIR, name), 0, 0);
    }
    await service.running.stop();
    service = await start();
    await expectAll(left, 'left');
  });

  it('leave to the next process what they hold when they are stopped', async () => {
    await killPostgres();
    const held = [await send('held 1'), await send('held 2')];
    await service.running.stop();
    expect(spooled()).not.toEqual([]);
    await startPostgres();
    service = await start();
    await expectAll(held, 'held');
  });

  it('move aside what the database will not have, and write the rest', async () => {
    await service.database.query(
      `create function refuse() returns trigger language plpgsql as $$ begin
         if convert_from(new.body, 'utf8') like '%unwanted%' then raise exception 'unwanted'; end if; return new; end $$;
       create trigger refuse before insert on intake for each row execute function refuse()`,
    );
    await killPostgres();
    const kept = [await send('wanted 1'), await send('wanted 2')];
    expect((await send('unwanted')).status).toBe(202);
    kept.push(await send('wanted 3'));
    await startPostgres();
    await eventually(() => expect(spooled()).toEqual([expect.stringMatching(/^notes\..*\.aside$/)]), DRAINED_MS);
    await eventually(async () => {
      expect(await metric('recert_spool_aside_files')).toBe(1);
      const ready = await (await fetch(`${service.running.url}/health/ready`)).json();
      expect(ready).toMatchObject({ status: 'degraded' });
    }, 10_000);
    rmSync(join(SPOOL_DIR, spooled()[0]!));
    await service.database.query('drop function refuse cascade');
    await expectAll(kept, 'wanted');
  });

  it('refuse at once what there is no room for, and take again when there is', async () => {
    await service.running.stop();
    service = await start({ SPOOL_MAX_BYTES: '65536' });
    await killPostgres();
    const large = 'x'.repeat(10_000);
    const all: Heard[] = [];
    for (let n = 0; n < 10; n += 1) all.push(await send(`large ${n} ${large}`));
    const kept = all.filter(({ status }) => status === 202);
    expect(all.map(({ status }) => status)).toEqual([...Array<number>(6).fill(202), ...Array<number>(4).fill(503)]);
    expect(Math.max(...all.slice(6).map(({ tookMs }) => tookMs))).toBeLessThan(100);
    const response = await service.post('/hooks/notes/lugha', body(large), { authorization });
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.json()).toMatchObject({ status: 503, title: 'Service Unavailable' });
    await startPostgres();
    await expectAll(kept, 'large');
    await expectAll([await send('room again')], 'room again');
  });

  it('do not begin where nothing can be written, and say what to mend', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(start({ SPOOL_DIR: join(file, 'spool') })).rejects.toThrow(
      /SPOOL_DIR is a folder that cannot be written \(ENOTDIR\)\. Make it/,
    );
  });
});
