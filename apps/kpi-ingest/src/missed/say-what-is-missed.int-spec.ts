import { Logger } from '@nestjs/common';
import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { KpiReplica } from '../kpi-replica';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The KPIs of 2026-W47 are due on Monday the 23rd at 12:00 in Berlin, and count as missed two hours later. */
const DUE = '2026-11-23T11:00:00.000Z';
const MISSED = '2026-11-23T13:00:00.000Z';
const after = (ms: number, start = MISSED): Date => new Date(Date.parse(start) + ms);
const report = (week?: string, signups = 12) => ({ ...(week === undefined ? {} : { week }), kpis: { signups } });

describe('missed KPIs', () => {
  let database: TestDatabase;
  let clock: MovableClock;
  let replicas: KpiReplica[];
  let service: KpiReplica;

  const startReplica = async (grace?: string): Promise<KpiReplica> => {
    const replica = await KpiReplica.start(database.url, clock, grace);
    replicas.push(replica);
    return replica;
  };
  /** Weeks and levels said of so far, after another look at `at`. */
  const saidAt = async (at: Date | string): Promise<string[]> => {
    clock.set(at);
    await service.tick();
    return (await service.said()).missed.map(({ productId, week, level }) => `${productId} ${week} ${level}`);
  };

  beforeAll(() => void Logger.overrideLogger(false));
  beforeEach(async () => {
    database = await testDatabase();
    clock = new MovableClock('2026-11-18T09:00:00Z');
    replicas = [];
    service = await startReplica();
  });
  afterEach(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await database.drop();
  });

  it('are told to the owner at the deadline with its grace, not a millisecond before, and to the admins 24 hours later', async () => {
    await service.registered();
    const owner = ['lugha 2026-W47 owner'];
    const both = [...owner, 'lugha 2026-W47 admins'];
    expect(await saidAt(after(-1))).toEqual([]);
    expect(await saidAt(MISSED)).toEqual(owner);
    expect(await saidAt(after(1))).toEqual(owner);
    expect(await saidAt(after(DAY - 1))).toEqual(owner);
    expect(await saidAt(after(DAY))).toEqual(both);
    expect(await saidAt(after(DAY + 1))).toEqual(both);
    expect((await service.said()).missed).toEqual(
      ['owner', 'admins'].map((level) => ({
        ...{ productId: 'lugha', productName: 'Lugha', week: '2026-W47', owner: 'ada', level },
        ...{ expectedBy: DUE, lastHeardAt: null, lastWeek: null },
      })),
    );
  });

  it('are said to be so once a week for as long as nothing comes', async () => {
    await service.registered();
    for (let hours = 0; hours <= 21 * 24; hours += 1) await saidAt(after(hours * HOUR));
    expect(await saidAt(after(21 * DAY))).toEqual(
      ['W47 owner', 'W47 admins', 'W48 owner', 'W48 admins', 'W49 owner', 'W49 admins', 'W50 owner'].map(
        (said) => `lugha 2026-${said}`,
      ),
    );
  });

  it('are not missed when anything was reported for the week, in the week or after it', async () => {
    await service.registered();
    clock.set('2026-11-20T09:00:00Z');
    await service.reported('lugha', report('2026-W47'));
    expect(await saidAt(after(2 * DAY))).toEqual([]);
    clock.set('2026-11-30T08:00:00Z');
    await service.reported('lugha', report());
    expect(await saidAt(after(9 * DAY))).toEqual([]);
    expect(await saidAt(after(14 * DAY))).toEqual(['lugha 2026-W49 owner']);
    expect((await service.said()).missed[0]).toMatchObject({
      lastHeardAt: '2026-11-30T08:00:00.000Z',
      lastWeek: '2026-W48',
    });
  });

  it('are missed though another week was reported', async () => {
    await service.registered();
    clock.set(after(-HOUR));
    await service.reported('lugha', report('2026-W46'));
    await service.reported('lugha', report('2026-W48'));
    expect(await saidAt(MISSED)).toEqual(['lugha 2026-W47 owner']);
  });

  it('are no longer missed when they come late, before the admins were told', async () => {
    await service.registered();
    await saidAt(MISSED);
    clock.set(after(DAY - 1));
    await service.reported('lugha', report());
    expect(await saidAt(after(DAY))).toEqual(['lugha 2026-W47 owner']);
    expect((await service.said()).received).toMatchObject([{ week: '2026-W47', late: true }]);
  });

  it('that come between deadline and end of grace are not late', async () => {
    await service.registered();
    await saidAt(after(-1));
    await service.reported('lugha', report());
    expect(await saidAt(after(2 * DAY))).toEqual([]);
    expect((await service.said()).received).toMatchObject([{ late: false }]);
  });

  it.each([
    ['three days', 3 * DAY, 'W47'],
    ['a week, up to before the next deadline', 7 * DAY - 1, 'W47'],
    ['a week, up to the next deadline', 7 * DAY, 'W48'],
    ['six weeks', 6 * 7 * DAY, 'W53'],
  ])('are said of the latest week only after a downtime of %s', async (_name, ms, week) => {
    await service.registered();
    expect(await saidAt(after(ms))).toEqual([`lugha 2026-${week} owner`]);
  });

  it('are told to the admins 24 hours after the owner was, also when that was late', async () => {
    await service.registered();
    await saidAt(after(3 * DAY));
    expect(await saidAt(after(4 * DAY - 1))).toEqual(['lugha 2026-W47 owner']);
    expect(await saidAt(after(4 * DAY))).toEqual(['lugha 2026-W47 owner', 'lugha 2026-W47 admins']);
  });

  it('of a week give way to those of the next one', async () => {
    await service.registered();
    await saidAt(after(7 * DAY - 1));
    const owners = ['lugha 2026-W47 owner', 'lugha 2026-W48 owner'];
    expect(await saidAt(after(7 * DAY))).toEqual(owners);
    expect(await saidAt(after(8 * DAY))).toEqual([...owners, 'lugha 2026-W48 admins']);
  });

  it('are expected from the first week that ends after the registration', async () => {
    clock.set('2026-11-22T22:59:59.999Z');
    await service.registered({ productId: 'early' });
    clock.set('2026-11-22T23:00:00.000Z');
    await service.registered({ productId: 'new' });
    expect(await saidAt(after(6 * DAY))).toEqual(['early 2026-W47 owner']);
    expect(await saidAt(after(7 * DAY))).toEqual([
      'early 2026-W47 owner',
      'early 2026-W48 owner',
      'new 2026-W48 owner',
    ]);
  });

  it('are not expected of a product that is inactive, nor for the weeks that it was', async () => {
    await service.registered();
    await saidAt(MISSED);
    await service.registered({ version: 2, active: false });
    expect(await saidAt(after(30 * DAY))).toEqual(['lugha 2026-W47 owner']);
    // Wednesday of 2026-W53.
    clock.set('2026-12-30T09:00:00Z');
    await service.registered({ version: 3 });
    expect(await saidAt('2027-01-04T12:59:59.999Z')).toEqual(['lugha 2026-W47 owner']);
    expect(await saidAt('2027-01-04T13:00:00.000Z')).toEqual(['lugha 2026-W47 owner', 'lugha 2026-W53 owner']);
  });

  it('follow the settings of the week: put off, brought forward, in another zone', async () => {
    await service.registered();
    await saidAt('2026-11-23T10:00:00Z');
    await service.registered({ version: 2, week: { timezone: 'Europe/Berlin', dueBy: 'tue 09:00' } });
    expect(await saidAt('2026-11-24T09:59:59.999Z')).toEqual([]);
    await service.registered({ version: 3, week: { timezone: 'America/New_York', dueBy: 'tue 09:00' } });
    expect(await saidAt('2026-11-24T15:59:59.999Z')).toEqual([]);
    expect(await saidAt('2026-11-24T16:00:00.000Z')).toEqual(['lugha 2026-W47 owner']);
    await service.registered({ version: 4, week: { timezone: 'Europe/Berlin', dueBy: 'mon 00:00' } });
    expect(await saidAt('2026-11-24T16:00:00.001Z')).toEqual(['lugha 2026-W47 owner']);
    expect(await saidAt('2026-11-30T00:59:59.999Z')).toEqual(['lugha 2026-W47 owner', 'lugha 2026-W47 admins']);
    expect((await saidAt('2026-11-30T01:00:00.000Z')).at(-1)).toBe('lugha 2026-W48 owner');
  });

  it('are not moved by a late or repeated event', async () => {
    await service.registered({ version: 3 });
    await service.registered({ version: 2, active: false });
    await service.registered({ version: 3, active: false });
    expect(await saidAt(MISSED)).toEqual(['lugha 2026-W47 owner']);
  });

  it.each([
    ['Europe/Berlin', 'before its clocks go back', '2026-10-19T12:00:00Z', '2026-W42'],
    ['Europe/Berlin', 'after its clocks went back', '2026-10-26T13:00:00Z', '2026-W43'],
    ['Europe/Berlin', 'before its clocks go forward', '2026-03-23T13:00:00Z', '2026-W12'],
    ['Europe/Berlin', 'after its clocks went forward', '2026-03-30T12:00:00Z', '2026-W13'],
    ['America/New_York', 'after its clocks went forward', '2026-03-09T18:00:00Z', '2026-W10'],
    ['America/New_York', 'after its clocks went back', '2026-11-02T19:00:00Z', '2026-W44'],
  ])('are due at noon in %s %s', async (timezone, _when, missed, week) => {
    clock.set(new Date(Date.parse(missed) - 4 * DAY));
    await service.registered({ week: { timezone, dueBy: 'mon 12:00' } });
    expect(await saidAt(after(-1, missed))).toEqual([]);
    expect(await saidAt(missed)).toEqual([`lugha ${week} owner`]);
  });

  it('of two products in different zones are told apart', async () => {
    await service.registered({ productId: 'berlin' });
    await service.registered({ productId: 'york', week: { timezone: 'America/New_York', dueBy: 'mon 12:00' } });
    await service.registered({ productId: 'tokyo', week: { timezone: 'Asia/Tokyo', dueBy: 'mon 12:00' } });
    expect(await saidAt('2026-11-23T05:00:00Z')).toEqual(['tokyo 2026-W47 owner']);
    expect((await saidAt(MISSED)).at(-1)).toBe('berlin 2026-W47 owner');
    await service.reported('york', report());
    expect(await saidAt('2026-11-23T19:00:00Z')).toHaveLength(2);
  });

  it('are said exactly once of each of 1,200 products while three replicas look at the same time', async () => {
    await service.registered();
    await service.database.query(
      `insert into product (product_id, version, name, owner, timezone, due_by, active, expected_from, wake_at)
       select 'product-' || n, version, name, owner, timezone, due_by, active, expected_from, wake_at
       from product, generate_series(1, 1199) n`,
    );
    const all = [service, await startReplica(), await startReplica()];
    const lookAt = async (at: Date): Promise<void> => {
      clock.set(at);
      const until = async (replica: KpiReplica): Promise<void> => {
        while ((await replica.tick()) > 0);
      };
      await Promise.all(all.map(until));
    };
    for (const ms of [-DAY, 0, 1, DAY, DAY + 1]) await lookAt(after(ms));
    const { missed } = await service.said();
    expect(missed).toHaveLength(2400);
    expect(new Set(missed.map(({ productId, week, level }) => `${productId} ${week} ${level}`)).size).toBe(2400);
  });

  it('and a report that comes at the same moment agree about which was first', async () => {
    const ids = Array.from({ length: 40 }, (_, n) => `product-${n}`);
    for (const productId of ids) await service.registered({ productId });
    await saidAt(after(-1));
    const other = await startReplica();
    clock.set(MISSED);
    const look = async (): Promise<void> => {
      while ((await other.tick()) > 0);
    };
    await Promise.all([look(), ...ids.map((id) => service.reported(id, report())), look()]);
    const { missed, received } = await service.said();
    expect(received).toHaveLength(40);
    const late = received.filter((event) => event.late).map((event) => event.productId);
    expect(missed.map((event) => event.productId).toSorted()).toEqual(late.toSorted());
  });

  it('are looked at only when they may be missed', async () => {
    await service.registered();
    clock.advance(1);
    expect(await service.tick()).toBe(1);
    clock.set(after(-1));
    expect(await service.tick()).toBe(0);
    clock.set(MISSED);
    expect([await service.tick(), await service.tick()]).toEqual([1, 0]);
    clock.set(after(DAY - 1));
    expect(await service.tick()).toBe(0);
    clock.set(after(DAY));
    expect([await service.tick(), await service.tick()]).toEqual([1, 0]);
    clock.set(after(7 * DAY - 1));
    expect(await service.tick()).toBe(0);
  });

  it('are looked at again when the grace is another one', async () => {
    await service.registered();
    await saidAt(after(-2 * HOUR));
    service = await startReplica('PT1H');
    expect(await saidAt(after(-HOUR - 1))).toEqual([]);
    expect(await saidAt(after(-HOUR))).toEqual(['lugha 2026-W47 owner']);
    service = await startReplica('off');
    expect(await saidAt(after(5 * DAY))).toHaveLength(2);
    expect(await saidAt(after(0, '2026-11-30T11:00:00.000Z'))).toHaveLength(3);
  });

  it.each([
    ['the transaction fails', `raise exception 'the disk is full'`],
    ['the connection is cut', 'perform pg_terminate_backend(pg_backend_pid())'],
  ])('are said once when %s between claim and commit', async (_how, what) => {
    await service.registered();
    clock.set(MISSED);
    await service.database.query(`create function fail() returns trigger language plpgsql as $$
      begin ${what}; return null; end $$`);
    await service.database.query(`create constraint trigger fails after insert on outbox
      deferrable initially deferred for each row execute function fail()`);
    await expect(service.tick()).rejects.toThrow();
    expect((await service.said()).missed).toEqual([]);
    await service.database.query('drop trigger fails on outbox');
    expect(await saidAt(MISSED)).toEqual(['lugha 2026-W47 owner']);
    expect(await saidAt(after(1))).toHaveLength(1);
  });

  it('of a product that cannot be judged do not keep those of others from being said', async () => {
    await service.registered({ productId: 'poisoned' });
    await service.registered({ productId: 'sound' });
    await saidAt('2026-11-18T10:00:00Z');
    await service.database.query(`update product set timezone = 'Europe/Atlantis' where product_id = 'poisoned'`);
    expect(await saidAt(MISSED)).toEqual(['sound 2026-W47 owner']);
    await service.database.query(`update product set timezone = 'Europe/Berlin' where product_id = 'poisoned'`);
    expect(await saidAt(after(HOUR - 1))).toHaveLength(1);
    expect(await saidAt(after(HOUR))).toEqual(['sound 2026-W47 owner', 'poisoned 2026-W47 owner']);
  });
});
