import { done } from '@recert/bus';
import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { KpiReplica } from '../kpi-replica';

/** A Monday, the first day of 2026-W48. */
const NOW = '2026-11-23T08:00:00.000Z';
const HOUR = 3_600_000;

describe('accepting a report', () => {
  let database: TestDatabase;
  let clock: MovableClock;
  let service: KpiReplica;

  beforeEach(async () => {
    database = await testDatabase();
    clock = new MovableClock(NOW);
    service = await KpiReplica.start(database.url, clock);
    await service.registered();
  });
  afterEach(async () => {
    await service.stop();
    await database.drop();
  });

  const received = async () => (await service.said()).received;
  const count = async (table: string): Promise<number> => {
    const [row] = await service.database.query<{ n: number }>(`select count(*)::int as n from ${table}`);
    return row!.n;
  };

  it('stores the figures of the week and says them beside what they were', async () => {
    await service.reported('lugha', { week: '2026-W45', kpis: { signups: 6, churn: 1 } });
    await service.reported('lugha', { week: '2026-W46', kpis: { signups: 9 } });
    expect(await service.reported('lugha', { kpis: { signups: 12, 'active users': 40 } })).toEqual(done);
    const event = (await received()).at(-1)!;
    expect(event).toMatchObject({
      ...{ productId: 'lugha', productName: 'Lugha', week: '2026-W47', version: 1, corrected: null, late: false },
      ...{ receivedAt: NOW, missing: ['churn'] },
    });
    expect(event.figures).toMatchObject([
      { name: 'active users', value: 40, previous: null, median: null },
      { name: 'signups', value: 12, unit: null, target: null, better: 'up', previous: 9, median: 7.5 },
    ]);
    expect(event.figures[1]!.series).toHaveLength(12);
    expect(event.figures[1]!.series.slice(-4)).toEqual([
      { week: '2026-W44', value: null },
      { week: '2026-W45', value: 6 },
      { week: '2026-W46', value: 9 },
      { week: '2026-W47', value: 12 },
    ]);
  });

  it('is corrected by another report of the same week, which keeps what it does not name', async () => {
    await service.reported('lugha', { kpis: { signups: 12, churn: 3 } });
    clock.advance(HOUR);
    await service.reported('lugha', { kpis: { signups: 13, revenue: 100 } });
    clock.advance(HOUR);
    await service.reported('lugha', { week: '2026-W47', kpis: { revenue: 90 } });
    const events = await received();
    expect(events.map(({ version, corrected }) => [version, corrected])).toEqual([
      [1, null],
      [2, ['signups']],
      [3, ['revenue']],
    ]);
    expect(events[2]!.figures.map(({ name, value }) => [name, value])).toEqual([
      ['churn', 3],
      ['revenue', 90],
      ['signups', 13],
    ]);
    expect(events[2]!.missing).toEqual([]);
  });

  it('changes and says nothing when it says what is there, and is kept', async () => {
    const kpis = [{ name: 'signups', value: 12, unit: 'users', target: 10 }];
    await service.reported('lugha', { kpis });
    clock.advance(HOUR);
    expect(await service.reported('lugha', { kpis })).toEqual(done);
    expect(await service.reported('lugha', { week: '2026-W47', kpis: { signups: 12 } })).toEqual(done);
    expect(await received()).toHaveLength(1);
    expect([await count('report'), await count('former_value')]).toEqual([3, 0]);
    const [figure] = await service.database.query<{ received_at: Date }>('select received_at from figure');
    expect(figure!.received_at.toISOString()).toBe(NOW);
    await service.reported('lugha', { kpis: { signups: 13 } });
    expect((await received()).at(-1)).toMatchObject({ version: 2, corrected: ['signups'] });
  });

  it('says a change of a target, and corrects nothing by it', async () => {
    await service.reported('lugha', { kpis: [{ name: 'signups', value: 12, target: 10 }] });
    await service.reported('lugha', { kpis: [{ name: 'signups', value: 12, target: 20 }] });
    expect((await received()).at(-1)).toMatchObject({ version: 2, corrected: [], figures: [{ target: 20 }] });
  });

  it('remembers unit, target and direction for later weeks until they are replaced', async () => {
    const meaning = async () => {
      const { unit, target, better } = (await received()).at(-1)!.figures[0]!;
      return [unit, target, better];
    };
    const kpis = [{ name: 'churn', value: 5, unit: '%', target: 4, better: 'down' }];
    await service.reported('lugha', { week: '2025-W10', kpis });
    await service.reported('lugha', { week: '2026-W46', kpis: { churn: 6 } });
    expect(await meaning()).toEqual(['%', 4, 'down']);
    await service.reported('lugha', { week: '2026-W47', kpis: [{ name: 'churn', value: 6, target: null }] });
    expect(await meaning()).toEqual(['%', null, 'down']);
    await service.reported('lugha', { week: '2026-W48', kpis: { churn: 7 } });
    expect(await meaning()).toEqual(['%', null, 'down']);
    await service.reported('lugha', { week: '2024-W01', kpis: { churn: 8 } });
    expect(await meaning()).toEqual([null, null, 'up']);
  });

  it('counts for the week in the zone of its product, of each on its own', async () => {
    await service.registered({
      productId: 'york',
      name: 'York',
      week: { timezone: 'America/New_York', dueBy: 'fri 09:00' },
    });
    clock.set('2026-11-23T04:59:59.999Z');
    const kpis = { signups: 1 };
    await service.reported('lugha', { kpis });
    await service.reported('york', { kpis: { signups: 2 } });
    clock.advance(1);
    await service.reported('york', { kpis: { signups: 3 } });
    expect((await received()).map(({ productId, week, figures }) => [productId, week, figures[0]!.value])).toEqual([
      ['lugha', '2026-W47', 1],
      ['york', '2026-W46', 2],
      ['york', '2026-W47', 3],
    ]);
    expect((await received())[2]!.figures[0]).toMatchObject({ previous: 2, median: 2 });
  });

  it.each([
    ['Europe/Berlin', '2026-10-25T22:59:59.999Z', '2026-W42', '2026-W43'],
    ['Europe/Berlin', '2026-03-29T21:59:59.999Z', '2026-W12', '2026-W13'],
    ['America/New_York', '2026-11-02T04:59:59.999Z', '2026-W43', '2026-W44'],
    ['America/New_York', '2026-03-09T03:59:59.999Z', '2026-W09', '2026-W10'],
  ])('in %s goes to the next week at the midnight after its clocks changed, %s', async (timezone, at, before, then) => {
    await service.registered({ version: 2, week: { timezone, dueBy: 'mon 12:00' } });
    clock.set(at);
    await service.reported('lugha', { kpis: { signups: 1 } });
    clock.advance(1);
    await service.reported('lugha', { kpis: { signups: 1 } });
    expect((await received()).map(({ week }) => week)).toEqual([before, then]);
  });

  it('goes over the end of a year with 53 weeks', async () => {
    clock.set('2027-01-04T08:00:00Z');
    await service.reported('lugha', { week: '2026-W52', kpis: { signups: 4 } });
    await service.reported('lugha', { kpis: { signups: 5 } });
    await service.reported('lugha', { week: '2027-W01', kpis: { signups: 6 } });
    expect((await received()).map(({ week, figures }) => [week, figures[0]!.previous, figures[0]!.median])).toEqual([
      ['2026-W52', null, null],
      ['2026-W53', 4, 4],
      ['2027-W01', 5, 4.5],
    ]);
  });

  it.each([
    ['a week in the future', { week: '2026-W49', kpis: { signups: 1 } }, /2026-W49 has not begun/],
    ['a week that does not exist', { week: '2025-W53', kpis: { signups: 1 } }, /there is no 2025-W53/],
    ['no JSON', Buffer.from('signups=12'), /not JSON/],
    [
      'a name twice',
      {
        kpis: [
          { name: 'a', value: 1 },
          { name: 'a', value: 1 },
        ],
      },
      /"a" is there twice/,
    ],
  ])('refuses %s with its reason and keeps nothing of it', async (_what, body, reason) => {
    const outcome = await service.reported('lugha', body);
    expect(outcome).toMatchObject({ kind: 'drop', reason: expect.stringMatching(reason) as string });
    expect([await count('report'), await count('figure'), (await received()).length]).toEqual([0, 0, 0]);
  });

  it('takes up to 200 figures of a week, however many reports they come in', async () => {
    const some = (from: number, to: number) =>
      Object.fromEntries(Array.from({ length: to - from }, (_, n) => [`kpi ${from + n}`, 1]));
    expect(await service.reported('lugha', { kpis: some(0, 150) })).toEqual(done);
    expect(await service.reported('lugha', { kpis: some(100, 200) })).toEqual(done);
    expect(await service.reported('lugha', { kpis: some(200, 201) })).toMatchObject({
      kind: 'drop',
      reason: 'kpis: with these, 2026-W47 would have 201 figures, more than 200',
    });
    expect(await count('figure')).toBe(200);
  });

  it('says the largest report that there may be', async () => {
    const names = Array.from({ length: 200 }, (_, n) => `${'名'.repeat(97)}${n}`);
    for (let week = 36; week <= 47; week += 1) {
      // Other names each week: the most that can be missing.
      const kpis = Object.fromEntries(
        names.map((name) => [week < 47 ? `${week % 2}${name}`.slice(0, 100) : name, -1.234567890123456e-300]),
      );
      expect(await service.reported('lugha', { week: `2026-W${week}`, kpis })).toEqual(done);
    }
    const [last] = (await received()).slice(-1);
    expect([last!.figures.length, last!.missing.length]).toEqual([200, 200]);
  });

  it('waits longer and longer for a product that is not known yet', async () => {
    const attempt = (attempts: number) => service.reported('new', { kpis: { signups: 1 } }, { attempts });
    expect(await attempt(1)).toEqual({ kind: 'retry', delayMs: 1000, reason: 'there is no product "new" yet' });
    expect(await attempt(9)).toMatchObject({ kind: 'retry', delayMs: 256_000 });
    await service.registered({ productId: 'new' });
    expect(await attempt(2)).toEqual(done);
  });

  it('takes no newer value back when it was held up', async () => {
    const late = { receivedAt: new Date(NOW) };
    clock.advance(HOUR);
    await service.reported('lugha', { week: '2026-W47', kpis: { signups: 2 } });
    await service.reported('lugha', { week: '2026-W47', kpis: { signups: 1 } }, late);
    expect(await received()).toHaveLength(1);
    await service.reported('lugha', { week: '2026-W47', kpis: { signups: 1, churn: 3 } }, late);
    expect((await received())[1]).toMatchObject({
      figures: [
        { name: 'churn', value: 3 },
        { name: 'signups', value: 2 },
      ],
    });
  });

  it('gives each of many corrections at the same time a version of its own', async () => {
    const other = await KpiReplica.start(database.url, clock);
    const values = Array.from({ length: 20 }, (_, n) => n);
    await Promise.all(values.map((n) => (n % 2 ? other : service).reported('lugha', { kpis: { signups: n } })));
    await other.stop();
    const versions = (await received()).map(({ version }) => version);
    expect(versions.toSorted((a, b) => a - b)).toEqual(values.map((n) => n + 1));
    expect(await count('former_value')).toBe(19);
  });

  it('takes a report in once, however often it is handled', async () => {
    const same = { id: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10' };
    await service.reported('lugha', { kpis: { signups: 1 } }, same);
    await service.reported('lugha', { kpis: { signups: 2 } });
    expect(await service.reported('lugha', { kpis: { signups: 1 } }, same)).toEqual(done);
    expect([(await received()).length, await count('report')]).toEqual([2, 2]);
  });

  it('keeps every report for ever', async () => {
    await service.reported('lugha', { kpis: { signups: 1 } });
    for (const statement of [`update report set week = ''`, 'delete from report', 'truncate report']) {
      await expect(service.database.query(statement)).rejects.toThrow('append-only');
    }
  });
});
