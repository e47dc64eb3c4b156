import { rmSync, writeFileSync } from 'node:fs';
import {
  PersonChanged,
  ProcessRegistered,
  ProcessRetired,
  ReviewRequested,
  type ImportReport,
  type PersonView,
  type Page,
  type Problem,
} from '@recert/contracts';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery, fireOven, mixDough, sellBread } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';
import { ConfiguredLibraries } from './configured-libraries';

const clock = new MovableClock('2026-11-20T09:00:00.000Z');

describe('the import of a library', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;

  beforeEach(async () => {
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery, {}, clock);
  });
  afterEach(async () => {
    await registry.stop();
    await database.drop();
  });

  const load = (body: unknown, query = '') =>
    registry.request<ImportReport & Problem>('POST', `/api/library/import${query}`, { body });
  /** A mark for each table that an import writes to: another one as soon as any row was touched. */
  const everything = async (): Promise<unknown[]> => {
    const tables = ['process', 'record_revision', 'history', 'history_head', 'person'];
    const marks = tables.map((name) => `md5(string_agg(t.xmin::text || t::text, '' order by t::text)) from ${name} t`);
    const events = `md5(string_agg(event_id::text, '' order by id)) from outbox where subject !~ '^(bus|task|run)[.]'`;
    return Promise.all([...marks, events].map((mark) => registry.database.query(`select ${mark}`)));
  };

  it('happens at the start, and makes people of the owner lines', async () => {
    expect((await registry.list()).map(({ id, owner, deputy }) => [id, owner, deputy])).toEqual([
      [sellBread, null, null],
      [mixDough, 'ada', null],
      [fireOven, 'bob', 'ada'],
    ]);
    const { items } = await registry.ask<Page<PersonView>>('GET', '/api/people');
    expect(items).toMatchObject([
      { handle: 'ada', name: 'ada', roles: ['owner'], owns: 1 },
      { handle: 'bob', owns: 1 },
    ]);
    expect((await registry.published(PersonChanged)).map((event) => event.handle)).toEqual(['ada', 'bob']);
    expect((await registry.published(ProcessRegistered)).map((event) => event.version)).toEqual([1, 1, 1]);
  });

  it('of the same text again writes nothing at all', async () => {
    const before = await everything();
    for (let time = 0; time < 2; time += 1) {
      expect((await load({})).body).toMatchObject({ created: [], changed: [], retired: [], unchanged: 3 });
    }
    expect(await everything()).toEqual(before);
  });

  it('of the same text after a new start writes nothing that anybody could see', async () => {
    const before = await everything();
    const again = await RunningRegistry.start(database.url, bakery, { LIBRARY: registry.library }, clock);
    await again.stop();
    expect(await everything()).toEqual(before);
  });

  it('shows first what it would change, and changes nothing', async () => {
    const before = await everything();
    writeFileSync(
      registry.library,
      bakery.replace('owner: bob', 'owner: carol').replace(/### mix dough[^]*?### /, '### '),
    );
    const { body } = await load({ dryRun: true });
    expect(body).toMatchObject({
      dryRun: true,
      changed: [
        { id: mixDough, fields: ['owner', 'triggerPeriod', 'record', 'documented'] },
        { id: fireOven, fields: ['owner'] },
      ],
      ownerLost: [{ id: mixDough, owner: 'ada' }],
      unchanged: 1,
      people: ['carol'],
    });
    expect(await everything()).toEqual(before);
    expect((await load({})).body).toMatchObject({ ...body, dryRun: false });
    expect(await registry.get(fireOven)).toMatchObject({ owner: 'carol' });
  });

  it('retires what is gone, asks nobody about it any more, and brings it back uncertified', async () => {
    await registry.ask('POST', `/api/processes/${fireOven}/response`, { answer: 'correct' });
    const without = bakery.replace(/### fire oven[^]*/, '').replace(/.*#fire-oven.*\n/, '');
    expect(await registry.importText(without)).toMatchObject({ retired: [{ id: fireOven }], unchanged: 2 });
    expect(await registry.get(fireOven)).toMatchObject({ status: 'retired', nextDueAt: null });
    expect(await registry.published(ProcessRetired)).toMatchObject([{ processId: fireOven, owner: 'bob' }]);
    expect(await registry.importText(bakery)).toMatchObject({ restored: [{ id: fireOven }] });
    expect(await registry.get(fireOven)).toMatchObject({ status: 'uncertified', certificationDate: null });
    expect((await registry.get(fireOven)).nextDueAt).not.toBeNull();
  });

  it('wants a review of a certified record that was edited, and keeps every revision of it', async () => {
    await registry.ask('POST', `/api/processes/${mixDough}/response`, { answer: 'correct' });
    await registry.importText(bakery.replace('salt', 'sugar'));
    expect(await registry.published(ReviewRequested)).toMatchObject([
      { processId: mixDough, reason: 'record-edited', by: 'admin' },
    ]);
    const kept = await registry.database.query<{ record: string }>(
      'select record from record_revision where process_id = $1 order by at',
      [mixDough],
    );
    expect(kept.map(({ record }) => /sugar|salt/.exec(record)?.[0]).toSorted()).toEqual(['salt', 'sugar']);
  });

  it('of a broken file changes nothing and says every line', async () => {
    const before = await everything();
    writeFileSync(registry.library, `${bakery.replace('quarterly', 'every now and then')}\n~~~mermaid\nflowchart TD\n`);
    const reply = await load({});
    expect(reply.status).toBe(422);
    expect(reply.body.detail).toMatch(/^The library was not imported and nothing was changed\. processes\.md:\d+: /);
    expect(reply.body.errors).toEqual([
      {
        field: 'library',
        file: 'processes.md',
        line: 13,
        message: expect.stringMatching(/"every now and then"/) as string,
      },
      {
        field: 'library',
        file: 'processes.md',
        line: 24,
        message: expect.stringMatching(/never closed|does not close|close/) as string,
      },
    ]);
    expect(await everything()).toEqual(before);
  });

  it.each([
    ['another file', { source: '/etc/passwd' }, 403, /only a library of LIBRARY can be imported: ".*processes\.md"/],
    ['a host inside', { source: 'http://169.254.169.254/latest' }, 403, /only a library of LIBRARY/],
    ['both at once', { source: 'x', text: 'y' }, 400, /give source or text, not both/],
    ['nothing', { text: ' ' }, 422, /the library is empty/],
    ['no process', { text: '# Hello\n\nWorld.\n' }, 422, /there is no process in this file/],
    ['a NUL', { text: 'a\u0000b' }, 400, /NUL/],
    ['something else', { text: 7 }, 400, /text: /],
  ])('refuses %s', async (_what, body, status, detail) => {
    const reply = await load(body);
    expect(reply).toMatchObject({ status, body: { detail: expect.stringMatching(detail) as string } });
  });

  it('refuses a file of 50 MB by its size, as text and as JSON, and says so for a file on disk', async () => {
    const text = 'x'.repeat(50 * 1024 * 1024);
    expect((await load(text)).status).toBe(413);
    expect((await load({ text })).status).toBe(413);
    writeFileSync(registry.library, text);
    expect(await load({})).toMatchObject({ status: 422, body: { detail: expect.stringContaining('50 MB') as string } });
  });

  it('says that a library is not there, and goes on with what is registered', async () => {
    rmSync(registry.library);
    expect(await load({})).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('no such file') as string },
    });
    const { report, failures } = await registry.process.app
      .get(ConfiguredLibraries, { strict: false })
      .importConfiguredLibraries();
    expect([report, failures.length]).toEqual([null, 1]);
    expect(await registry.list()).toHaveLength(3);
  });

  it('takes a text as a library of its own', async () => {
    const text = '# Shop\n\n## greet\n\nowner: eve\n\nSay hello.\n';
    expect((await load(text, '?dryRun=true')).body).toMatchObject({ sources: ['upload'], created: [{ id: 'greet' }] });
    expect(await registry.list()).toHaveLength(3);
    expect((await load(text)).body).toMatchObject({ dryRun: false, people: ['eve'] });
    expect((await load({})).body).toMatchObject({ retired: [], unchanged: 3 });
    expect((await load(text.replaceAll('greet', 'part'))).body).toMatchObject({
      created: [{ id: 'part' }],
      retired: [{ id: 'greet' }],
    });
  });

  it('refuses a text that claims a process of the library', async () => {
    const reply = await load(bakery);
    expect(reply.status).toBe(422);
    expect(reply.body.detail).toContain(
      `"sell bread" of upload has the id "${sellBread}", and so has "sell bread" of `,
    );
    expect(reply.body.detail).toContain(registry.library);
  });

  it('lets two that come at once have one after the other', async () => {
    writeFileSync(registry.library, bakery.replaceAll('### ', '### new '));
    const replies = await Promise.all(Array.from({ length: 4 }, () => load({})));
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200, 200]);
    expect(replies.map((reply) => reply.body.created.length).toSorted()).toEqual([0, 0, 0, 2]);
  });

  it('is compared anew where somebody edits a process at the same moment', async () => {
    const other = registry.database.dataSource.createQueryRunner();
    await other.startTransaction();
    await other.query(`update process set deputy = 'bob', version = version + 1 where id = $1`, [mixDough]);
    writeFileSync(registry.library, bakery.replace('salt', 'sugar'));
    const importing = load({});
    await eventually(async () => {
      const waiting = await registry.database.query(
        `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      expect(waiting).toHaveLength(1);
    });
    await other.commitTransaction();
    await other.release();
    expect((await importing).body).toMatchObject({ changed: [{ id: mixDough, fields: ['record'] }] });
    expect(await registry.get(mixDough)).toMatchObject({ deputy: 'bob', version: 3 });
  });

  it('loses nothing while people edit and answer, and the history stays one chain', async () => {
    const edit = (turn: number) =>
      registry.request('PATCH', `/api/processes/${turn % 2 ? mixDough : fireOven}`, {
        body: { triggerPeriod: `P${turn + 1}D` },
      });
    const statuses: number[] = [];
    for (let turn = 0; turn < 8; turn += 1) {
      writeFileSync(registry.library, bakery.replace('salt', `salt ${turn}`).replace('wood', `wood ${turn}`));
      const replies = await Promise.all([
        load({}),
        edit(turn),
        edit(turn + 10),
        registry.request('PATCH', '/api/people/bob', { body: { name: `Bob ${turn}` } }),
        registry.request('POST', `/api/processes/${fireOven}/response`, { body: { answer: 'correct' } }),
      ]);
      statuses.push(...replies.map((reply) => reply.status));
    }
    // An answer that nobody had asked for is refused once the process is certified.
    expect(new Set(statuses.filter((status) => status !== 200 && status !== 409))).toEqual(new Set());
    expect(await registry.ask('GET', '/api/audit/verify')).toMatchObject({ ok: true });
    expect((await load({})).body).toMatchObject({ unchanged: 3 });
  });

  it('warns of an owner who is deactivated', async () => {
    await registry.ask('PATCH', '/api/people/ada?heir=bob', { active: false });
    const warning = {
      file: 'processes.md',
      line: 12,
      message: expect.stringContaining('"ada" is deactivated') as string,
    };
    expect((await load({})).body).toMatchObject({ unchanged: 3, warnings: [warning] });
  });

  it('of several libraries goes on with those that are right', async () => {
    const other = `${registry.library}.other.md`;
    writeFileSync(other, '# Shop\n\n## greet\nowner: eve\ntrigger: sometimes\n');
    const two = await RunningRegistry.start(database.url, '', { LIBRARY: `${registry.library}, ${other}` }, clock);
    const importing = two.process.app.get(ConfiguredLibraries, { strict: false });
    const first = await importing.firstImport();
    expect(first.failures).toEqual([expect.stringContaining('"sometimes"')]);
    expect(first.report).toMatchObject({ sources: [registry.library], unchanged: 3 });
    writeFileSync(other, '# Shop\n\n## greet\nowner: eve\n');
    expect((await importing.importConfiguredLibraries()).report).toMatchObject({
      created: [{ id: 'greet' }],
      unchanged: 3,
    });
    await two.stop();
  });
});
