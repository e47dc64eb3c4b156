import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { HOUR, MINUTE, signOf } from './alert-examples';
import { AlertRelayReplica } from './alert-relay-replica';
import { RemoveOldSigns } from './remove-old-signs';
import { SignLog } from './sign-log';

const DAYS_90 = 90 * 24 * HOUR;

describe('removing old signs', () => {
  let database: TestDatabase;
  let relay: AlertRelayReplica;
  let rule: RemoveOldSigns;
  const clock = new MovableClock(new Date());

  /** Hears something that long ago, by the time of the database. */
  const hear = async (agoMs: number, ...of: Parameters<typeof signOf>): Promise<void> => {
    const [row] = await relay.database.query<{ now: Date }>('select clock_timestamp() as now');
    clock.set(new Date(row!.now.getTime() - agoMs));
    await relay.hear(signOf(...of));
  };
  const left = async (): Promise<string[]> => {
    const rows = await relay.database.query<{ said: string }>(
      `select key || ': ' || effect as said from alert_sign order by seq`,
    );
    return rows.map(({ said }) => said.replace(/^lugha /, ''));
  };

  beforeEach(async () => {
    database = await testDatabase();
    relay = await AlertRelayReplica.start(database.url, clock);
    rule = new RemoveOldSigns(relay.database, new SignLog());
  });
  afterEach(async () => {
    await relay.stop();
    await database.drop();
  });

  it('goes by when the alert was resolved: after 90 days, and not a minute before', async () => {
    for (const [key, resolvedAgo] of [
      ['before', DAYS_90 - MINUTE],
      ['at', DAYS_90],
      ['after', DAYS_90 + MINUTE],
    ] as const) {
      await hear(DAYS_90 + HOUR, { key });
      await hear(resolvedAgo, { key, status: 'resolved' });
    }
    expect(await rule.run()).toBe(4);
    expect(await left()).toEqual(['before: raised at level 1', 'before: resolved']);
    expect(await rule.run()).toBe(0);
    expect((await relay.all()).map(({ status }) => status)).toEqual(['resolved', 'resolved', 'resolved']);
  });

  it('keeps a late sign of an alert that is long over for its own 90 days', async () => {
    await hear(DAYS_90 + HOUR, { key: 'over' });
    await hear(DAYS_90 + HOUR, { key: 'over', status: 'resolved' });
    await hear(DAYS_90 - MINUTE, { key: 'over', status: 'note' });
    expect(await rule.run()).toBe(2);
    expect(await left()).toEqual([expect.stringMatching(/^over: nothing: /)]);
  });

  it('keeps of an open alert what raised it, and all of the last 90 days', async () => {
    await hear(DAYS_90 + 2 * HOUR, { key: 'open' });
    await hear(DAYS_90 + HOUR, { key: 'open' });
    await hear(DAYS_90 + HOUR, { key: 'open', status: 'note' });
    await hear(DAYS_90 - MINUTE, { key: 'open', status: 'note' });
    expect(await left()).toHaveLength(4);
    expect(await rule.run()).toBe(2);
    expect(await left()).toEqual(['open: raised at level 1', 'open: nothing: it is a note']);
  });

  it('removes what belongs to no alert after 90 days, and not a minute before', async () => {
    await hear(DAYS_90 - MINUTE, { key: 'young', status: 'resolved' });
    await hear(DAYS_90, { key: 'old', status: 'resolved' });
    await rule.run();
    expect(await left()).toEqual(['young: nothing: nobody knows this alert']);
  });

  it('removes more than one batch', async () => {
    await relay.database.query(
      `insert into alert_sign (source, key, status, received_at, effect, sign)
       select 'generic', 'many', 'note', now() - interval '91 days', 'nothing', '{}' from generate_series(1, 2500)`,
    );
    expect(await rule.run()).toBe(2500);
    expect(await left()).toEqual([]);
  });

  it('cannot be done to younger ones, whoever tries', async () => {
    await hear(DAYS_90 - MINUTE, { key: 'young', status: 'note' });
    await hear(DAYS_90, { key: 'old', status: 'note' });
    await expect(relay.database.query('delete from alert_sign')).rejects.toThrow('append-only: delete is refused');
    await relay.database.query(`delete from alert_sign where received_at < now() - interval '90 days'`);
    expect(await left()).toHaveLength(1);
  });
});
