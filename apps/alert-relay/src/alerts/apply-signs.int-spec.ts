import { ProductRegistered } from '@recert/contracts';
import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { type Sign } from '../sources/sign';
import { after, HOUR, MINUTE, signOf, START } from './alert-examples';
import { AlertRelayReplica } from './alert-relay-replica';

const outage = (status: Sign['status'] = 'firing', changes: Partial<Sign> = {}): Sign =>
  signOf({ status, key: '4300', kind: 'uptime', severity: 'critical', ...changes });
const error = (key = '4200', changes: Partial<Sign> = {}): Sign =>
  signOf({ key, kind: 'error', severity: 'warning', title: 'TypeError: words is undefined', ...changes });
const product = (changes: Partial<ProductRegistered> = {}): ProductRegistered => ({
  ...ProductRegistered.example,
  ...changes,
});

describe('making alerts of signs', () => {
  let database: TestDatabase;
  let clock: MovableClock;
  let relay: AlertRelayReplica;
  let replicas: AlertRelayReplica[];

  const startReplica = async (): Promise<AlertRelayReplica> => {
    const replica = await AlertRelayReplica.start(database.url, clock);
    replicas.push(replica);
    return replica;
  };
  const saidSoFar = async () => (await relay.said()).map(({ said, version }) => [said, version]);
  const log = () =>
    relay.database.query<{ alert_id: string | null; effect: string; status: string; payload: string | null }>(
      'select alert_id, effect, status, payload from alert_sign order by seq',
    );

  beforeEach(async () => {
    database = await testDatabase();
    clock = new MovableClock(START);
    replicas = [];
    relay = await startReplica();
    await relay.learn(product());
  });
  afterEach(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await database.drop();
  });

  it('makes one alert of each outage of one issue, with its duration', async () => {
    for (const [minutes, status] of [
      [0, 'firing'],
      [30, 'resolved'],
      [60, 'firing'],
      [61, 'resolved'],
    ] as const) {
      clock.set(after(minutes * MINUTE));
      await relay.hear(outage(status));
    }
    expect(await saidSoFar()).toEqual([
      [1, 1],
      ['resolved', 2],
      [1, 1],
      ['resolved', 2],
    ]);
    const said = await relay.said();
    expect(said[1]).toMatchObject({
      durationMs: 30 * MINUTE,
      resolvedBy: null,
      productId: 'lugha',
      status: 'resolved',
    });
    expect(said[3]).toMatchObject({ durationMs: MINUTE, startedAt: after(HOUR).toISOString() });
    expect(new Set(said.map(({ alertId }) => alertId)).size).toBe(2);
  });

  it('makes another alert of an outage that begins again though nobody told that it was over', async () => {
    await relay.hear(outage('firing', { at: START }));
    clock.set(after(HOUR));
    await relay.hear(outage('firing', { again: true, at: START }));
    await relay.hear(outage('firing', { again: true, at: after(HOUR) }));
    expect(await saidSoFar()).toEqual([
      [1, 1],
      [0, 2],
      ['resolved', 3],
      [1, 1],
    ]);
    const [first, , over, next] = await relay.said();
    expect(over).toMatchObject({ alertId: first!.alertId, durationMs: HOUR, resolvedBy: null });
    expect(next!.alertId).not.toBe(first!.alertId);
    expect(next).toMatchObject({ status: 'firing', startedAt: after(HOUR).toISOString() });
  });

  it('counts what repeats in one alert, in versions that grow', async () => {
    await relay.hear([error(), error(), error()]);
    expect(await saidSoFar()).toEqual([
      [1, 1],
      [0, 2],
      [0, 3],
    ]);
    expect((await relay.said()).map(({ count }) => count)).toEqual([1, 2, 3]);
    expect(await relay.all()).toHaveLength(1);
  });

  it('keeps the same key of two products apart, however the product is known', async () => {
    await relay.learn(product({ productId: 'shop', name: 'Shop' }));
    const sign = signOf({ key: 'backup' });
    await relay.hear(sign, { source: 'generic', productId: 'lugha' });
    await relay.hear(sign, { source: 'generic', productId: 'shop' });
    await relay.hear({ ...sign, productHints: ['Shop'] }, { source: 'generic', productId: null });
    expect((await relay.said()).map(({ productId, version }) => [productId, version])).toEqual([
      ['lugha', 1],
      ['shop', 1],
      ['shop', 2],
    ]);
  });

  it('keeps the same key of two sources apart', async () => {
    await relay.hear(error());
    await relay.hear(error(), { source: 'generic' });
    expect((await relay.all()).map(({ source }) => source).sort()).toEqual(['generic', 'sentry']);
  });

  it('changes nothing by the end of what nobody knows, and keeps it', async () => {
    await relay.hear(outage('resolved'));
    expect(await relay.said()).toEqual([]);
    expect(await log()).toMatchObject([
      { alert_id: null, effect: 'nothing: nobody knows this alert', status: 'resolved' },
    ]);
  });

  it('keeps every sign with what came of it, and lets nobody change that', async () => {
    // The database refuses by its own time.
    clock.set(new Date());
    await relay.hear(error());
    await relay.hear(signOf({ key: '4200', status: 'note' }));
    await relay.hear(error('4200', { status: 'resolved' }));
    const [{ id } = { id: '' }] = await relay.all();
    expect(await log()).toMatchObject([
      { alert_id: id, effect: 'raised at level 1' },
      { alert_id: id, effect: 'nothing: it is a note' },
      { alert_id: id, effect: 'resolved' },
    ]);
    for (const statement of ['delete from alert_sign', `update alert_sign set effect = ''`, 'truncate alert_sign']) {
      await expect(relay.database.query(statement)).rejects.toThrow('append-only');
    }
  });

  it('mentions what it does not know once, and keeps each body', async () => {
    const unknown = signOf({ key: 'unknown seer.done', kind: 'other', severity: 'info', payload: '{"nul":"\\u0000"}' });
    await relay.hear(unknown);
    await relay.hear(unknown);
    expect(await saidSoFar()).toEqual([
      [1, 1],
      [0, 2],
    ]);
    expect((await log()).map(({ payload }) => payload)).toEqual([unknown.payload, unknown.payload]);
  });

  describe('finds the product', () => {
    const productIdOf = async (hints: string[], origin: object = {}): Promise<string | null> => {
      await relay.hear(error(hints.join(), { productHints: hints }), origin);
      return (await relay.said()).at(-1)!.productId;
    };

    it('of Sentry by its project, in whatever case', async () => {
      await relay.learn(product({ productId: 'shop', sentryProject: 'Shop-Web' }));
      await relay.learn(product({ productId: 'mail', sentryProject: '4509' }));
      expect(await productIdOf(['LUGHA'])).toBe('lugha');
      expect(await productIdOf(['shop-web'])).toBe('shop');
      expect(await productIdOf(['another', '4509'])).toBe('mail');
      expect(await productIdOf(['another'])).toBeNull();
      expect(await productIdOf([])).toBeNull();
    });

    it('of all others by their token, and else by the product that they name', async () => {
      await relay.learn(product({ productId: 'shop', sentryProject: 'elsewhere' }));
      expect(await productIdOf(['shop'], { source: 'generic', productId: 'lugha' })).toBe('lugha');
      expect(await productIdOf(['SHOP'], { source: 'grafana' })).toBe('shop');
      expect(await productIdOf(['elsewhere'], { source: 'grafana' })).toBeNull();
    });

    it('as it was named last, whatever comes late', async () => {
      await relay.learn(product({ version: 3, sentryProject: 'new-name' }));
      await relay.learn(product({ version: 2, sentryProject: 'lugha' }));
      expect(await productIdOf(['new-name'])).toBe('lugha');
      expect(await productIdOf(['lugha'])).toBeNull();
    });
  });

  describe('during an outage', () => {
    it('holds errors of the same product back, and says what still fires when it is over', async () => {
      await relay.hear(outage());
      const [{ id: outageId } = { id: '' }] = await relay.all();
      clock.set(after(MINUTE));
      await relay.hear([error('1'), error('2')]);
      clock.advance(1);
      await relay.hear(error('3', { severity: 'critical' }));
      await relay.hear(error('2', { status: 'resolved' }));
      expect((await relay.said()).slice(1).map(({ said, heldBy }) => [said, heldBy])).toEqual([
        [0, outageId],
        [0, outageId],
        [0, outageId],
        ['resolved', outageId],
      ]);
      clock.set(after(HOUR));
      expect(await relay.tick()).toBe(1);
      await relay.hear(outage('resolved'));
      const released = (await relay.said()).slice(-3);
      expect(released.map(({ said, heldBy, severity }) => [said, heldBy, severity])).toEqual([
        ['resolved', null, 'critical'],
        [1, null, 'warning'],
        [1, null, 'critical'],
      ]);
    });

    it.each(['acknowledged', 'snoozed'] as const)('that is %s, too', async (status) => {
      await relay.hear([outage(), outage(status)]);
      clock.set(after(MINUTE));
      await relay.hear(error());
      expect((await relay.said()).at(-1)).toMatchObject({ said: 0, kind: 'error' });
    });

    it('says what another product or nobody’s has, what is no error, and what began before', async () => {
      clock.set(after(HOUR));
      await relay.hear(outage());
      await relay.learn(product({ productId: 'shop', sentryProject: 'shop' }));
      await relay.hear(error('1', { productHints: ['shop'] }));
      await relay.hear(error('2', { productHints: [] }));
      await relay.hear(error('3', { kind: 'metric' }));
      await relay.hear(error('4', { at: after(HOUR - 1) }));
      expect((await relay.said()).map(({ said }) => said)).toEqual([1, 1, 1, 1, 1]);
    });

    it('leaves nothing held when the outage ends at the same time', async () => {
      const other = await startReplica();
      for (let round = 0; round < 15; round += 1) {
        clock.advance(MINUTE);
        await relay.hear(outage());
        clock.advance(MINUTE);
        await Promise.all([other.hear(error(`round ${round}`)), relay.hear(outage('resolved'))]);
      }
      const errors = (await relay.all()).filter(({ kind }) => kind === 'error');
      expect(errors).toHaveLength(15);
      expect(errors.filter(({ heldBy, level }) => heldBy !== null || level !== 1)).toEqual([]);
    });
  });

  it('makes one alert of many first signs that come at once, to two replicas', async () => {
    const other = await startReplica();
    await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? relay : other).hear(error())));
    const [alert, ...more] = await relay.all();
    expect(more).toEqual([]);
    expect(alert).toMatchObject({ count: 20, version: 20 });
    const versions = (await relay.said()).map(({ version }) => version).sort((a, b) => a - b);
    expect(versions).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect((await relay.said()).filter(({ said }) => said === 1)).toHaveLength(1);
  });

  it('takes two requests about the same alerts in other orders at once', async () => {
    const other = await startReplica();
    const keys = ['a', 'b', 'c', 'd', 'e'];
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([
        relay.hear(keys.map((key) => error(key))),
        other.hear(keys.toReversed().map((key) => error(key))),
      ]);
    }
    expect((await relay.all()).map(({ count }) => count)).toEqual([10, 10, 10, 10, 10]);
  });
});
