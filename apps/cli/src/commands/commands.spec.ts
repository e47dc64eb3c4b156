import { ProcessRegistered } from '@recert/contracts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recert as recertAt, ServiceStub } from '../service-stub';

const evaluate = {
  id: 'hiring-evaluate-candidates',
  name: 'evaluate candidates',
  section: 'hiring',
  owner: 'ada',
  deputy: null,
  status: 'certified',
  certificationDate: '2026-11-21T09:13:10.000Z',
  triggerPeriod: 'P1Y',
  nextDueAt: '2027-11-21T09:13:10.000Z',
  url: 'https://example.org/processes.md#evaluate-candidates',
  documented: true,
  product: null,
  version: 3,
};

describe('the command', () => {
  let stub: ServiceStub;
  let url: string;

  beforeEach(async () => {
    stub = new ServiceStub();
    url = await stub.start();
  });
  afterEach(() => stub.stop());

  const recert = (line: string, environment: Record<string, string> = {}) =>
    recertAt(line, { RECERT_URL: url, ...environment });

  describe('import', () => {
    const report = {
      dryRun: true,
      sources: ['docs/processes.md'],
      created: [{ id: 'a-b', name: 'b' }],
      changed: [{ id: 'a-c', name: 'c', fields: ['owner', 'record'] }],
      ownerLost: [{ id: 'a-d', name: 'd', owner: 'ada' }],
      retired: [],
      restored: [],
      unchanged: 7,
      people: ['grace'],
      warnings: [{ file: 'docs/processes.md', line: 3, message: 'no record' }],
    };

    it('shows what it would change', async () => {
      stub.answer('POST /api/library/import', 200, [report]);
      const { code, out } = await recert('import --source docs/processes.md --dry-run');
      expect(code).toBe(0);
      expect(stub.heard[0]!.body).toEqual({ source: 'docs/processes.md', dryRun: true });
      expect(out.split('\n')).toEqual([
        'created (1)',
        '  a-b  b',
        'changed (1)',
        '  a-c  owner, record',
        'owner lost (1)',
        '  a-d  was ada',
        'new people: grace',
        'warning: docs/processes.md:3: no record',
        'unchanged (7)',
        'This was a dry run: nothing was changed.',
        '',
      ]);
    });

    it('sends a file as it is', async () => {
      stub.answer('POST /api/library/import', 200, [{ ...report, dryRun: false }]);
      const folder = mkdtempSync(join(tmpdir(), 'recert-cli-'));
      const file = join(folder, 'processes.md');
      writeFileSync(file, '# Ä\n\n## b\nowner: ada\n');
      await recert(`import --file ${file}`);
      rmSync(folder, { recursive: true });
      expect(stub.heard[0]!.body).toEqual({ text: '# Ä\n\n## b\nowner: ada\n', dryRun: false });
    });

    it('gives the report to scripts as it came', async () => {
      stub.answer('POST /api/library/import', 200, [report]);
      expect(JSON.parse((await recert('import --json')).out)).toEqual(report);
    });
  });

  describe('processes', () => {
    it('are read to the last page, filtered, in columns', async () => {
      const gap = {
        ...evaluate,
        id: 'hiring-x',
        status: 'uncertified',
        owner: null,
        certificationDate: null,
        nextDueAt: null,
      };
      stub.answer('GET /api/processes', 200, [
        { items: [evaluate], next: 'more' },
        { items: [{ ...gap, documented: false }], next: null },
      ]);
      const { code, out } = await recert('processes --status certified --owner ada --section hiring');
      expect(code).toBe(0);
      expect(stub.heard.map(({ url: asked }) => asked)).toEqual([
        '/api/processes?status=certified&owner=ada&section=hiring&limit=1000',
        '/api/processes?status=certified&owner=ada&section=hiring&limit=1000&cursor=more',
      ]);
      expect(out.split('\n')).toEqual([
        'ID                          STATUS            OWNER  CERTIFIED   DUE         PERIOD',
        'hiring-evaluate-candidates  certified         ada    2026-11-21  2027-11-21  P1Y',
        'hiring-x                    not written down  -      -           -           P1Y',
        '',
      ]);
    });

    it('are one JSON array for scripts', async () => {
      stub.answer('GET /api/processes', 200, [{ items: [evaluate], next: null }]);
      expect(JSON.parse((await recert('processes --json')).out)).toEqual([evaluate]);
    });

    it('hold nothing that a terminal obeys', async () => {
      stub.answer('GET /api/processes', 200, [{ items: [{ ...evaluate, owner: '\u001b[2Jada\u202e\n' }], next: null }]);
      const { out } = await recert('processes');
      // eslint-disable-next-line no-control-regex
      expect(out).not.toMatch(/[\u001b\u202e]/);
      expect(out.split('\n')).toHaveLength(3);
    });

    it('are shown one by one, with review and last answer', async () => {
      const { review, lastResponse } = {
        review: ProcessRegistered.example.review,
        lastResponse: { answer: 'later', by: 'ada', at: '2026-11-21T09:13:10.000Z', refused: 'Ask an admin.' },
      };
      stub.answer('GET /api/processes/a%2Fb', 200, [{ ...evaluate, review, lastResponse, updatingSince: null }]);
      const { code, out } = await recert('process a/b');
      expect(code).toBe(0);
      expect(out).toContain('name         evaluate candidates\n');
      expect(out).toContain('review       open since 2026-11-21T09:12:00.000Z: period-over\n');
      expect(out).toContain('last answer  later by ada at 2026-11-21T09:13:10.000Z\n');
      expect(out).toContain('refused      Ask an admin.\n');
    });

    it('have a history', async () => {
      const change = {
        at: '2026-11-21T09:12:00.000Z',
        by: 'ada',
        field: 'owner',
        old: null,
        new: 'ada',
        cause: 'import',
        source: 'library',
      };
      stub.answer('GET /api/processes/x/history', 200, [{ items: [change], next: null }]);
      const { out } = await recert('history x');
      expect(out).toBe(
        'AT                        BY   FIELD  OLD  NEW  CAUSE   SOURCE\n2026-11-21T09:12:00.000Z  ada  owner  -    ada  import  library\n',
      );
    });
  });

  describe('a review', () => {
    it('is asked for one process', async () => {
      stub.answer('POST /api/processes/x/ask', 202, [evaluate]);
      expect((await recert('ask x')).out).toBe('Asked ada about evaluate candidates.\n');
    });

    it('is asked for all, or those of a section or an owner', async () => {
      stub.answer('POST /api/processes/ask', 202, [{ asked: 12 }]);
      expect((await recert('ask --all --section hiring')).out).toBe('Asked for 12 reviews.\n');
      await recert('ask --all --owner ada');
      await recert('ask --all');
      expect(stub.heard.map(({ body }) => body)).toEqual([{ section: 'hiring' }, { owner: 'ada' }, {}]);
    });

    it('is answered', async () => {
      stub.answer('POST /api/processes/x/response', 200, [evaluate]);
      const { code, out } = await recert('answer x correct');
      expect({ code, out }).toEqual({ code: 0, out: 'evaluate candidates is certified, due again on 2027-11-21.\n' });
      expect(stub.heard[0]!.body).toEqual({ answer: 'correct' });
    });
  });

  describe('people', () => {
    it('are listed with what became of their link', async () => {
      const ada = { handle: 'ada', name: 'Ada', roles: ['owner', 'admin'], active: true, owns: 3 };
      stub.answer('GET /api/people', 200, [
        {
          items: [
            { ...ada, telegram: { linked: true, since: null, lost: null } },
            { ...ada, handle: 'alan', active: false, telegram: { linked: false, since: null, lost: 'blocked' } },
          ],
          next: null,
        },
      ]);
      expect((await recert('people')).out.split('\n')).toEqual([
        'HANDLE  NAME            ROLES         TELEGRAM  OWNS',
        'ada     Ada             owner, admin  linked    3',
        'alan    Ada (inactive)  owner, admin  blocked   3',
        '',
      ]);
    });

    it('are invited by a link that is shown whole', async () => {
      const invitation = { url: 'https://t.me/bot?start=abc', expiresAt: '2026-11-21T09:22:00.000Z' };
      stub.answer('POST /api/people/ada/invite', 201, [invitation]);
      expect((await recert('invite ada')).out).toBe(
        'https://t.me/bot?start=abc\nIt works once, until 2026-11-21T09:22:00.000Z.\n',
      );
    });

    it('and programs get tokens with scopes', async () => {
      stub.answer('POST /api/tokens', 201, [{ id: 'i', token: 'secret' }]);
      expect((await recert('token create ci --scope read --scope library:import')).out).toBe('secret\n');
      expect(stub.heard[0]!.body).toEqual({ name: 'ci', scopes: ['read', 'library:import'] });
    });
  });

  describe('the history as a whole', () => {
    const head = { seq: 7, hash: 'abc' };

    it('is found whole', async () => {
      stub.answer('GET /api/audit/verify', 200, [{ ok: true, rows: 7, head, broken: null }]);
      const { code, out } = await recert('audit verify');
      expect({ code, out }).toEqual({ code: 0, out: 'The history is whole: 7 rows, the last one with hash abc\n' });
    });

    it('is found broken, which a script notices', async () => {
      const verdict = { ok: false, rows: 4, head, broken: { seq: 5, what: 'its hash is another one' } };
      stub.answer('GET /api/audit/verify', 200, [verdict]);
      expect(await recert('audit verify')).toEqual({
        code: 1,
        out: '',
        err: 'The history is broken at row 5: its hash is another one\n',
      });
      const json = await recert('audit verify --json');
      expect(json.code).toBe(1);
      expect(JSON.parse(json.out)).toEqual(verdict);
    });

    it('is exported byte for byte', async () => {
      const csv = `seq,at\r\n${'1,ä\r\n'.repeat(50_000)}`;
      stub.answer('GET /api/audit/export', 200, [csv], 'text/csv');
      expect(await recert('audit export --format csv')).toEqual({ code: 0, out: csv, err: '' });
      expect(stub.heard[0]!.url).toBe('/api/audit/export?format=csv');
    });
  });

  describe('dead letters', () => {
    it('are listed', async () => {
      const letter = {
        id: 'd',
        at: '2026-11-21T09:22:00.000Z',
        service: 'registry',
        subject: 'process.due',
        consumer: 'registry.open',
        replayedAt: null,
      };
      stub.answer('GET /api/dead-letters', 200, [{ items: [{ ...letter, reason: 'two\nlines' }], next: null }]);
      const { out } = await recert('dead-letters');
      expect(out.split('\n')[1]).toBe(
        'd   2026-11-21T09:22:00.000Z  registry  process.due  registry.open  -         two lines',
      );
      await recert('dead-letters --service registry --state open');
      expect(stub.heard.at(-1)!.url).toContain('service=registry&state=open');
    });

    it.each([
      ['replayed', null, { code: 0, out: 'It is handled.\n', err: '' }],
      ['failed', 'the registry is away', { code: 1, out: '', err: 'It failed again: the registry is away\n' }],
      ['asked', 'look again', { code: 1, out: '', err: 'It is asked for: look again\n' }],
    ])('are replayed, and tell whether it helped (%s)', async (state, reason, expected) => {
      stub.answer('POST /api/dead-letters/d/replay', 200, [{ state, replayed: state === 'replayed', reason }]);
      expect(await recert('dead-letters replay d')).toEqual(expected);
    });

    it('are replayed all at once, of one consumer where it is named', async () => {
      stub.answer('POST /api/dead-letters/replay', 202, [{ asked: 500, more: true }]);
      expect(await recert('dead-letters replay --all --consumer hook.kpi')).toEqual({
        code: 0,
        out: '500 are being handled again; there are more: run it once more.\n',
        err: '',
      });
      expect(stub.heard[0]!.body).toEqual({ consumer: 'hook.kpi' });
    });

    it.each(['dead-letters replay', 'dead-letters replay d --all', 'dead-letters replay d --consumer hook.kpi'])(
      'are not replayed by "%s", which means nothing clear',
      async (line) => {
        expect((await recert(line)).code).toBe(2);
        expect(stub.heard).toEqual([]);
      },
    );
  });

  describe('health', () => {
    const checks = (ok: boolean) => [{ name: 'bus postgres', ok, detail: ok ? 'connected' : 'ECONNREFUSED' }];

    it('is good when every part is', async () => {
      stub.answer('GET /health/ready', 200, [{ status: 'ok', checks: checks(true) }]);
      expect(await recert('health')).toEqual({
        code: 0,
        out: `${url}: ok\n  ok    bus postgres: connected\n`,
        err: '',
      });
    });

    it('names the part that is not, and fails', async () => {
      stub.answer('GET /health/ready', 503, [{ status: 'unavailable', checks: checks(false) }]);
      const { code, out } = await recert('health');
      expect({ code, out }).toEqual({ code: 1, out: `${url}: unavailable\n  FAIL  bus postgres: ECONNREFUSED\n` });
    });
  });
});
