import { type Problem, type RoundReport } from '@recert/contracts';
import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { aProcess, reason, states } from '../fixtures/a-process';
import { RunningRegistry } from '../fixtures/running-registry';
import { ProcessRepository } from '../processes/process.repository';

const now = new Date('2026-11-20T09:00:00.000Z');
const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const ago = (days: number, hours = 0): Date => new Date(now.getTime() - days * DAY - hours * HOUR);

describe('a round', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;

  beforeAll(async () => {
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, '# Empty\n', {}, new MovableClock(now));
    const repository = registry.process.app.get(ProcessRepository, { strict: false });
    const processes = [
      aProcess({ id: 'certified', name: '=certified', state: states.certified }),
      aProcess({ id: 'late', owner: 'bob', state: states.overdue, section: null }),
      aProcess({ id: 'updating', state: states.updating }),
      aProcess({ id: 'gone', owner: null, state: states.retired }),
    ];
    const changes = processes.map((after) => ({ before: null, after, events: [], reason }));
    await registry.database.transaction((tx) => repository.save(tx, changes));
    await reviewed('certified', ago(80), ago(79), 'certified', [
      ['later', ago(79, 20), null],
      ['correct', ago(79, 22), 'You may not.'],
      ['correct', ago(79), null],
    ]);
    await reviewed('late', ago(90), null, null, []);
    await reviewed('updating', ago(10), null, null, [['needs-update', ago(9), null]]);
    await reviewed('gone', ago(10), ago(9), 'retired', []);
    await reviewed('late', new Date(ago(90).getTime() - 1), ago(89), 'certified', []);
    await reviewed('certified', now, null, null, []);
  });
  afterAll(async () => {
    await registry.stop();
    await database.drop();
  });

  type Response = readonly [answer: string, at: Date, refused: string | null];
  async function reviewed(
    process: string,
    openedAt: Date,
    closedAt: Date | null,
    outcome: string | null,
    responses: readonly Response[],
  ): Promise<void> {
    const [review] = await registry.database.query<{ id: string }>(
      `insert into review (id, process_id, reason, opened_at, reminders, closed_at, outcome, answered_by, record_opened)
       values (gen_random_uuid(), $1, 'period-over', $2, 1, $3, $4, 'ada', $5) returning id`,
      [process, openedAt, closedAt, outcome, outcome === 'certified' ? false : null],
    );
    for (const [answer, at, refused] of responses) {
      await registry.database.query(
        `insert into response (id, process_id, review_id, answer, by, standing, channel, at, refused)
         values (gen_random_uuid(), $1, $2, $3, $4, 'owner', 'http', $5, $6)`,
        [process, review!.id, answer, refused === null ? 'ada' : 'mallory', at, refused],
      );
    }
  }

  it('is the reviews that were opened in the last 90 days, up to now and without it', async () => {
    const report = await registry.ask<RoundReport>('GET', '/api/rounds');
    expect(report).toMatchObject({ from: ago(90).toISOString(), to: now.toISOString() });
    expect(report.items.map(({ processId }) => processId).slice(0, 2)).toEqual(['late', 'certified']);
    expect(report.total).toEqual({
      ...{ asked: 4, certified: 1, updating: 1, open: 1, late: 1, stamped: 1 },
      medianAnswerHours: (4 + 24) / 2,
    });
    expect(report.owners).toEqual([
      { owner: 'bob', asked: 1, certified: 0, updating: 0, open: 1, late: 1, stamped: 0, medianAnswerHours: null },
      { owner: 'ada', asked: 2, certified: 1, updating: 1, open: 0, late: 0, stamped: 1, medianAnswerHours: 14 },
      { owner: null, asked: 1, certified: 0, updating: 0, open: 0, late: 0, stamped: 0, medianAnswerHours: null },
    ]);
    expect(report.items[1]).toEqual({
      ...{ processId: 'certified', name: '=certified', section: 'baking', owner: 'ada', status: 'certified' },
      ...{ reason: 'period-over', askedAt: ago(80).toISOString(), reminders: 1, answer: 'correct', answeredBy: 'ada' },
      ...{ answeredAt: ago(79).toISOString(), recordOpened: false, late: false },
    });
  });

  it.each([
    [ago(90), new Date(ago(90).getTime() + 1), ['late']],
    [ago(90), ago(90), []],
    [new Date(ago(90).getTime() - 1), ago(90), ['late']],
    [now, new Date(now.getTime() + 1), ['certified']],
  ])('from %s to %s has what was opened at its start and not at its end', async (from, to, ids) => {
    const query = `from=${from.toISOString()}&to=${to.toISOString()}`;
    const { items } = await registry.ask<RoundReport>('GET', `/api/rounds?${query}`);
    expect(items.map(({ processId }) => processId)).toEqual(ids);
  });

  it('is a table for a spreadsheet too', async () => {
    const reply = await registry.request<string>('GET', '/api/rounds.csv');
    expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(reply.headers.get('content-disposition')).toBe(
      'attachment; filename="recert-round-2026-08-22-2026-11-20.csv"',
    );
    const lines = reply.body.split('\r\n');
    expect(lines).toHaveLength(6);
    expect(lines[2]).toBe(
      `certified,'=certified,baking,ada,certified,period-over,${ago(80).toISOString()},1,correct,ada,${ago(79).toISOString()},false,false`,
    );
  });

  it.each(['from=2026-11-20T09:00:00.001Z', 'from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z'])(
    'is refused where it would end before it begins: %s',
    async (query) => {
      for (const path of ['rounds', 'rounds.csv']) {
        const reply = await registry.request<Problem>('GET', `/api/${path}?${query}`);
        expect(reply).toMatchObject({ status: 422, body: { errors: [{ field: 'from' }] } });
        expect((await registry.request('GET', `/api/${path}?from=yesterday`)).status).toBe(400);
      }
    },
  );

  it('is shown to whoever may read, and to nobody else', async () => {
    const { token } = await registry.ask<{ token: string }>('POST', '/api/tokens', { name: 'r', scopes: ['read'] });
    const other = await registry.ask<{ token: string }>('POST', '/api/tokens', { name: 'k', scopes: ['kpi:shop'] });
    for (const path of ['/api/rounds', '/api/rounds.csv']) {
      expect((await registry.request('GET', path, { token })).status).toBe(200);
      expect((await registry.request('GET', path, { token: other.token })).status).toBe(403);
      expect((await registry.request('GET', path, { token: null })).status).toBe(401);
    }
  });
});
