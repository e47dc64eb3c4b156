import { type HistoryVerdict } from '@recert/contracts';
import { testDatabase, type TestDatabase } from '@recert/testing';
import { bakery, mixDough } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';
import { hashOf, type HistoryRow } from '../history/history-chain';

type Exported = Record<'seq' | 'at' | 'by' | 'process' | 'new' | 'prev_hash' | 'hash', string>;

describe('the audit of the history', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;

  beforeAll(async () => {
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery);
    await registry.ask('PATCH', `/api/processes/${mixDough}`, { owner: 'bob' });
    await registry.ask('POST', `/api/processes/${mixDough}/response`, { answer: 'correct' });
  });
  afterAll(async () => {
    await registry.stop();
    await database.drop();
  });

  const verify = () => registry.ask<HistoryVerdict>('GET', '/api/audit/verify');

  /** What somebody could do who owns the database, and what is found then; everything is as before afterwards. */
  async function tamper(statement: string): Promise<HistoryVerdict> {
    const run = (sql: string) => registry.database.query(sql);
    await run('create table kept as select * from history');
    await run('create table kept_head as select * from history_head');
    for (const table of ['history', 'history_head']) await run(`alter table ${table} disable trigger user`);
    try {
      await run(statement);
      return await verify();
    } finally {
      await run('delete from history; insert into history select * from kept; drop table kept;');
      await run('delete from history_head; insert into history_head select * from kept_head; drop table kept_head;');
      for (const table of ['history', 'history_head']) await run(`alter table ${table} enable trigger user`);
    }
  }

  it('finds nothing wrong, says how much it has seen, and how the history ends', async () => {
    const [end] = await registry.database.query<{ seq: string; hash: string }>('select * from history_head');
    expect(await verify()).toEqual({
      ok: true,
      rows: Number(end!.seq),
      head: { seq: Number(end!.seq), hash: end!.hash },
      broken: null,
    });
  });

  it.each(['update history set by = by', 'delete from history', 'truncate history', 'delete from history_head'])(
    'is of rows that the database itself does not let go of: %s',
    async (statement) => {
      await expect(registry.database.query(statement)).rejects.toThrow(/The history is append-only/);
    },
  );

  it('is of a head that only goes forward', async () => {
    await expect(registry.database.query('update history_head set seq = seq - 1')).rejects.toThrow(
      /cannot go from row/,
    );
  });

  const flipped = (column: string): string => `${column} = overlay(${column} placing '~' from 1 for 1)`;
  it.each([
    ['at', `at = at + interval '1 millisecond'`],
    ['by', flipped('by')],
    ['process_id', flipped('process_id')],
    ['person', `person = ''`],
    ['field', flipped('field')],
    ['old', `old = ''`],
    ['new', flipped('new')],
    ['cause', flipped('cause')],
    ['source', flipped('source')],
    ['prev_hash', flipped('prev_hash')],
    ['hash', flipped('hash')],
  ])('names the row of which one byte of %s was changed', async (_column, change) => {
    const { ok, broken, rows } = await tamper(`update history set ${change} where seq = 2`);
    expect({ ok, seq: broken?.seq, rows }).toEqual({ ok: false, seq: 2, rows: 1 });
    expect(broken?.what).toMatch(/^row 2 was changed: /);
    expect((await verify()).ok).toBe(true);
  });

  it.each([
    ['a row in the middle', 'delete from history where seq = 3', 3, /^row 3 is missing: row 4 follows row 2/],
    ['the first row', 'delete from history where seq = 1', 1, /^row 1 is missing/],
    ['another number', 'update history set seq = 100 where seq = 2', 2, /^row 2 is missing/],
    ['the last rows', 'delete from history where seq > 2', 3, /^row 3 is missing, and every one up to row \d+$/],
    ['all rows', 'delete from history', 1, /^row 1 is missing, and every one up to/],
    ['the end', `update history_head set hash = repeat('0', 64)`, null, /the history ends with another one/],
  ])('names what is gone: %s', async (_what, statement, seq, what) => {
    const { ok, broken } = await tamper(statement);
    expect(ok).toBe(false);
    if (seq !== null) expect(broken?.seq).toBe(seq);
    expect(broken?.what).toMatch(what);
  });

  it('names a row that was put in with a hash of its own', async () => {
    const { broken } = await tamper(
      `insert into history select seq + 100, at, by, process_id, person, field, old, new, cause, source, prev_hash, hash
       from history where seq = 1`,
    );
    expect(broken?.what).toMatch(/is missing: row 101 follows/);
  });

  it('exports every row as JSON, from which others compute the same hashes', async () => {
    const reply = await registry.request<Exported[]>('GET', '/api/audit/export?format=json');
    expect(reply.headers.get('content-disposition')).toMatch(/^attachment; filename="recert-history-[\d-]+\.json"$/);
    const { rows } = await verify();
    expect(reply.body).toHaveLength(rows);
    for (const row of reply.body) {
      const { process, prev_hash: prevHash, ...same } = row;
      const back = { ...same, at: new Date(row.at), processId: process, prevHash } as unknown as HistoryRow;
      expect(hashOf(back)).toBe(row.hash);
    }
  });

  it('exports every row as CSV', async () => {
    const reply = await registry.request<string>('GET', '/api/audit/export?format=csv');
    expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = reply.body.trimEnd().split('\r\n');
    expect(lines).toHaveLength((await verify()).rows + 1);
    expect(lines[0]).toMatch(/^seq,at,by,process,/);
  });

  it('is for admins, in the formats there are', async () => {
    const { token } = await registry.ask<{ token: string }>('POST', '/api/tokens', { name: 'r', scopes: ['read'] });
    for (const path of ['/api/audit/export', '/api/audit/verify']) {
      expect((await registry.request('GET', path, { token })).status).toBe(403);
      expect((await registry.request('GET', path, { token: null })).status).toBe(401);
    }
    expect((await registry.request('GET', '/api/audit/export?format=xml')).status).toBe(400);
  });
});
