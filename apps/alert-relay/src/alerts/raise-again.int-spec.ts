import { Logger } from '@nestjs/common';
import { AlertAcknowledged } from '@recert/contracts';
import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { after, HOUR, MINUTE, signOf, START } from './alert-examples';
import { AlertRelayReplica } from './alert-relay-replica';

describe('what nobody acknowledges', () => {
  let database: TestDatabase;
  let clock: MovableClock;
  let relay: AlertRelayReplica;
  let replicas: AlertRelayReplica[];

  const startReplica = async (): Promise<AlertRelayReplica> => {
    const replica = await AlertRelayReplica.start(database.url, clock);
    replicas.push(replica);
    return replica;
  };
  /** Looks at what is due at this time, and tells what was said by then. */
  const saidBy = async (ms: number): Promise<unknown[]> => {
    clock.set(after(ms));
    await relay.tick();
    return (await relay.said()).map(({ said }) => said);
  };
  const press = async (changes: Partial<AlertAcknowledged>) => {
    const [alert] = await relay.all();
    const at = clock.now().toISOString();
    return relay.press({ ...AlertAcknowledged.example, alertId: alert!.id, at, until: null, ...changes });
  };

  beforeAll(() => void Logger.overrideLogger(false));
  beforeEach(async () => {
    database = await testDatabase();
    clock = new MovableClock(START);
    replicas = [];
    relay = await startReplica();
  });
  afterEach(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await database.drop();
  });

  it('is raised again after 15 minutes and to all admins after 30, to the millisecond, and never more', async () => {
    await relay.hear(signOf());
    expect(await saidBy(15 * MINUTE - 1)).toEqual([1]);
    expect(await saidBy(15 * MINUTE)).toEqual([1, 2]);
    expect(await saidBy(15 * MINUTE + 1)).toEqual([1, 2]);
    expect(await saidBy(30 * MINUTE - 1)).toEqual([1, 2]);
    expect(await saidBy(30 * MINUTE)).toEqual([1, 2, 3]);
    expect(await saidBy(1000 * HOUR)).toEqual([1, 2, 3]);
    expect(await relay.alerts.nextWakeAt()).toBeNull();
    expect((await relay.said()).map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  it('is left alone once somebody has pressed', async () => {
    await relay.hear(signOf());
    clock.set(after(15 * MINUTE - 1));
    expect(await press({ action: 'acknowledge' })).toEqual({ kind: 'done' });
    expect(await saidBy(HOUR)).toEqual([1, 0]);
    expect((await relay.said()).at(-1)).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'carol' });
  });

  it('is said again when its snooze ends, to the millisecond, and raised from there', async () => {
    await relay.hear(signOf());
    await press({ action: 'snooze', until: after(HOUR).toISOString() });
    expect(await saidBy(HOUR - 1)).toEqual([1, 0]);
    expect(await saidBy(HOUR)).toEqual([1, 0, 1]);
    expect((await relay.said()).at(-1)).toMatchObject({ status: 'firing', acknowledgedBy: null, snoozedUntil: null });
    expect(await saidBy(HOUR + 15 * MINUTE - 1)).toEqual([1, 0, 1]);
    expect(await saidBy(HOUR + 15 * MINUTE)).toEqual([1, 0, 1, 2]);
  });

  it('is over when it recovers, also while it is snoozed', async () => {
    await relay.hear(signOf());
    await press({ action: 'snooze', until: after(HOUR).toISOString() });
    clock.set(after(MINUTE));
    await relay.hear(signOf({ status: 'resolved' }));
    expect(await saidBy(HOUR)).toEqual([1, 0, 'resolved']);
  });

  it('is over when somebody says so', async () => {
    await relay.hear(signOf());
    clock.set(after(MINUTE));
    await press({ action: 'resolve' });
    expect((await relay.said()).at(-1)).toMatchObject({ said: 'resolved', resolvedBy: 'carol', durationMs: MINUTE });
    expect(await press({ action: 'acknowledge' })).toEqual({ kind: 'done' });
    expect(await saidBy(HOUR)).toEqual([1, 'resolved']);
  });

  it('by a snooze that came too late stays as loud as it was', async () => {
    await relay.hear(signOf());
    clock.set(after(MINUTE));
    await press({ action: 'snooze', until: after(MINUTE).toISOString() });
    expect(await saidBy(15 * MINUTE)).toEqual([1, 2]);
  });

  it('and is unknown is reported, and not lost', async () => {
    expect(await relay.press(AlertAcknowledged.example)).toMatchObject({ kind: 'drop' });
  });

  it('is raised exactly once by three replicas', async () => {
    const all = [relay, await startReplica(), await startReplica()];
    await relay.hear(Array.from({ length: 300 }, (_, i) => signOf({ key: `key ${i}` })));
    clock.set(after(15 * MINUTE));
    const drain = async (replica: AlertRelayReplica): Promise<number> => {
      let total = 0;
      for (let looked = 1; looked > 0; total += looked) looked = await replica.tick();
      return total;
    };
    const looked = await Promise.all(all.map(drain));
    expect(looked.reduce((sum, n) => sum + n, 0)).toBe(300);
    const again = (await relay.said()).filter(({ said }) => said === 2);
    expect(again).toHaveLength(300);
    expect(new Set(again.map(({ alertId }) => alertId)).size).toBe(300);
  });

  it('is raised not twice and not too little when the transaction fails', async () => {
    await relay.hear(signOf());
    clock.set(after(15 * MINUTE));
    await relay.database.query(`create function fail() returns trigger language plpgsql as $$
      begin raise exception 'the disk is full'; end $$`);
    await relay.database.query(`create constraint trigger fails after insert on outbox
      deferrable initially deferred for each row execute function fail()`);
    await expect(relay.tick()).rejects.toThrow('the disk is full');
    await relay.database.query('drop trigger fails on outbox');
    expect(await saidBy(15 * MINUTE)).toEqual([1, 2]);
    expect(await saidBy(15 * MINUTE)).toEqual([1, 2]);
  });

  it('puts off for an hour what cannot be told, and serves the others', async () => {
    await relay.hear([signOf({ key: 'poisoned' }), signOf({ key: 'sound' })]);
    await relay.database.query(`update alert set product_id = 'No Product' where key = 'poisoned'`);
    expect(await saidBy(15 * MINUTE)).toEqual([1, 1, 2]);
    await relay.database.query(`update alert set product_id = null where key = 'poisoned'`);
    expect(await saidBy(75 * MINUTE - 1)).toEqual([1, 1, 2, 3]);
    expect(await saidBy(75 * MINUTE)).toEqual([1, 1, 2, 3, 2]);
  });
});
