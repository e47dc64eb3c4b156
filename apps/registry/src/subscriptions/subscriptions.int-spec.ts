import { eventually, MovableClock, testDatabase } from '@recert/testing';
import {
  AlertRaised,
  AlertResolved,
  KpiReceived,
  type Page,
  type Problem,
  type SubscriptionDeliveryView,
  type SubscriptionView,
  TaskReported,
} from '@recert/contracts';
import { isSignedWith } from '../fixtures/receiver';
import { SubscribingRegistry } from '../fixtures/subscribing-registry';
import { BoundDeliveries } from './bound-deliveries';
import { durableOf, FollowSubjects } from './follow-subjects';

const SECOND = 1_000;
const DAY = 86_400 * SECOND;

describe('subscriptions', () => {
  const suite = new SubscribingRegistry({ testDatabase, eventually, newClock: () => new MovableClock(new Date()) });

  it('send each event that they want once, signed, and say how they do', async () => {
    const { id, secret, ...made } = await suite.subscribe(suite.receiver.url, 'kpi.received', 'alert.*');
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect(made).toMatchObject({ name: 'n8n', url: suite.receiver.url, subjects: ['alert.*', 'kpi.received'] });
    await suite.raise();
    await suite.registry.hear(TaskReported, TaskReported.example);
    await suite.registry.hear(AlertResolved, AlertResolved.example);
    await suite.registry.hear(KpiReceived, KpiReceived.example);
    await suite.came(3);
    expect(suite.receiver.messages.map(({ type }) => type).sort()).toEqual([
      'alert.raised',
      'alert.resolved',
      'kpi.received',
    ]);
    const message = suite.receiver.messages.find(({ type }) => type === 'alert.raised')!;
    expect(isSignedWith(secret, message)).toBe(true);
    const [event] = await suite.registry.database.query<{ event_id: string; headers: Record<string, string> }>(
      `select event_id, headers from outbox where subject = 'alert.raised'`,
    );
    expect(message.id).toBe(`${event!.event_id}_${id}`);
    expect(JSON.parse(message.body)).toEqual({
      type: 'alert.raised',
      timestamp: event!.headers['ce-time'],
      data: { ...AlertRaised.example, title: 'The oven is down' },
    });
    expect(message.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'recert' });
    await eventually(async () =>
      expect((await suite.deliveries(id)).map(({ state }) => state)).toEqual(Array(3).fill('sent')),
    );
    expect(await suite.view(id)).toMatchObject({ state: 'active', waiting: 0, lastError: null, failingSince: null });
    expect(new Set(suite.receiver.ids).size).toBe(3);
  });

  it('cost nothing while there are none, and hear nothing of what was said before them', async () => {
    expect(await suite.consumers()).toEqual([]);
    await suite.raise('before');
    await new Promise((resolve) => setTimeout(resolve, 20));
    suite.clock.set(new Date());
    const { id } = await suite.subscribe(suite.receiver.url, 'alert.raised');
    await eventually(async () => expect(await suite.consumers()).toEqual([durableOf('alert.raised')]));
    await suite.raise('after');
    await suite.came(1);
    expect(suite.receiver.messages[0]!.data['title']).toBe('after');
    await suite.registry.ask('DELETE', `/api/subscriptions/${id}`);
    await suite.get(FollowSubjects).look();
    expect(suite.get(FollowSubjects).subjects).toEqual([]);
    suite.clock.advance(59 * SECOND);
    await suite.get(FollowSubjects).look();
    expect(await suite.consumers()).toEqual([durableOf('alert.raised')]);
    suite.clock.advance(SECOND);
    await suite.get(FollowSubjects).look();
    expect(await suite.consumers()).toEqual([]);
    const [left] = await suite.registry.database.query(
      `select * from bus.delivery where durable like 'registry.send-%'`,
    );
    expect(left).toBeUndefined();
  });

  it('take up a subject again that is wanted again before the bus forgot it, and after', async () => {
    const first = await suite.subscribe(suite.receiver.url, 'alert.raised');
    await suite.registry.ask('DELETE', `/api/subscriptions/${first.id}`);
    await suite.get(FollowSubjects).look();
    const second = await suite.subscribe(suite.receiver.url, 'alert.raised');
    suite.clock.advance(DAY);
    await suite.get(FollowSubjects).look();
    await eventually(async () => expect(await suite.consumers()).toHaveLength(1));
    await suite.patch(second.id, { subjects: ['kpi.*'] });
    await suite.get(FollowSubjects).look();
    suite.clock.advance(DAY);
    await suite.get(FollowSubjects).look();
    await eventually(async () =>
      expect(await suite.consumers()).toEqual(['kpi.missed', 'kpi.received'].map(durableOf)),
    );
    suite.clock.set(new Date());
    await suite.patch(second.id, { subjects: ['alert.raised'] });
    await suite.get(FollowSubjects).look();
    await suite.raise();
    await suite.came(1);
  });

  it('are refused with what is possible', async () => {
    const ask = (body: object) => suite.registry.request<Problem>('POST', '/api/subscriptions', { body });
    const good = { name: 'n8n', url: suite.receiver.url, subjects: ['alert.*'] };
    for (const subject of [
      'token.changed',
      'person.changed',
      'session.*',
      'run.progressed',
      'letter.kept',
      '*',
      'outside.A',
    ]) {
      const { status, body } = await ask({ ...good, subjects: ['alert.*', subject] });
      expect([status, body.errors?.[0]?.field]).toEqual([422, 'subjects']);
      expect(body.detail).toMatch(`"${subject}" cannot be subscribed to; possible are process.registered,`);
      expect(body.detail).toContain('outside.*');
    }
    const inside = await ask({ ...good, url: 'http://10.0.0.1:5678/webhook' });
    expect([inside.status, inside.body.detail]).toEqual([
      422,
      'url: 10.0.0.1 is not public (private): allow it with OUTGOING_ALLOW=10.0.0.1',
    ]);
    expect((await ask({ ...good, url: 'ftp://example.org' })).status).toBe(400);
    expect((await ask({ ...good, subjects: [] })).status).toBe(400);
    expect((await ask({ ...good, name: ' ' })).status).toBe(400);
    const { id } = await suite.subscribe(suite.receiver.url, 'alert.*');
    const moved = await suite.registry.request<Problem>('PATCH', `/api/subscriptions/${id}`, {
      body: { url: 'http://[::1]/' },
    });
    expect([moved.status, moved.body.errors?.[0]?.field]).toEqual([422, 'url']);
    expect((await suite.registry.request('GET', '/api/subscriptions/nowhere')).status).toBe(404);
    const { token } = await suite.registry.ask<{ token: string }>('POST', '/api/tokens', {
      name: 'page',
      scopes: ['read'],
    });
    expect((await suite.registry.request('GET', '/api/subscriptions', { token })).status).toBe(403);
  });

  it('show nobody the credentials of an address, and keep them when it comes back as it was shown', async () => {
    const url = suite.receiver.url.replace('http://', 'http://ada:s3cret%40x@');
    const { id, ...made } = await suite.subscribe(url, 'alert.raised');
    const shown = suite.receiver.url.replace('http://', 'http://***@');
    const listed = await suite.registry.ask<Page<SubscriptionView>>('GET', '/api/subscriptions');
    const patched = await suite.patch(id, { name: 'renamed', url: shown });
    for (const view of [made, await suite.view(id), listed.items[0]!, patched]) {
      expect(view.url).toBe(shown);
      expect(JSON.stringify(view)).not.toContain('s3cret');
    }
    await suite.registry.ask('POST', `/api/subscriptions/${id}/test`);
    await suite.came(1);
    const basic = `Basic ${Buffer.from('ada:s3cret@x').toString('base64')}`;
    expect(suite.receiver.messages[0]!.headers.authorization).toBe(basic);
    expect((await suite.patch(id, { url: suite.receiver.url })).url).toBe(suite.receiver.url);
  });

  it('change their secret with a day in which both sign', async () => {
    const { id, secret: before } = await suite.subscribe(suite.receiver.url, 'alert.raised');
    const { secret } = await suite.registry.ask<{ secret: string }>('POST', `/api/subscriptions/${id}/secret`);
    expect(secret).not.toBe(before);
    expect((await suite.view(id)).oldSecretUntil).toBe(new Date(suite.clock.now().getTime() + DAY).toISOString());
    await suite.raise();
    await suite.came(1);
    expect([before, secret].map((each) => isSignedWith(each, suite.receiver.messages[0]!))).toEqual([true, true]);
    suite.clock.advance(DAY);
    expect((await suite.view(id)).oldSecretUntil).toBeNull();
    await suite.registry.ask('POST', `/api/subscriptions/${id}/test`);
    await suite.came(2);
    expect(suite.receiver.messages[1]!.headers['webhook-signature']).not.toContain(' ');
    const rows = await suite.registry.database.query<{ cause: string }>(
      `select cause from registry.history where field like 'subscription%' order by seq`,
    );
    expect(rows.map(({ cause }) => cause)).toEqual([`subscription ${id} made`, `subscription ${id}: another secret`]);
  });

  it('send a test at once to this one alone', async () => {
    const [{ id, secret }] = [
      await suite.subscribe(suite.receiver.url, 'kpi.missed'),
      await suite.subscribe(suite.other.url, 'kpi.missed'),
    ];
    const { delivery } = await suite.registry.ask<{ delivery: string }>('POST', `/api/subscriptions/${id}/test`);
    await suite.came(1);
    expect(suite.receiver.messages[0]).toMatchObject({
      type: 'subscription.test',
      data: { subscriptionId: id, name: 'n8n' },
    });
    expect(isSignedWith(secret, suite.receiver.messages[0]!)).toBe(true);
    await suite.settled(id, 'sent', 1);
    expect((await suite.deliveries(id))[0]).toMatchObject({ id: delivery, status: 200, subject: 'subscription.test' });
    expect(suite.other.messages).toEqual([]);
  });

  it('gather nothing while they are off', async () => {
    const { id } = await suite.subscribe(suite.receiver.url, 'alert.raised');
    expect(await suite.patch(id, { active: false })).toMatchObject({ state: 'off' });
    await suite.get(FollowSubjects).look();
    await suite.raise('while it was off');
    await new Promise((resolve) => setTimeout(resolve, 20));
    suite.clock.set(new Date());
    await suite.patch(id, { active: true });
    await suite.get(FollowSubjects).look();
    await suite.raise('on again');
    await suite.came(1);
    expect(suite.receiver.messages[0]!.data['title']).toBe('on again');
  });

  it('keep 10,000 waiting at most, for 14 days, and count what they drop', async () => {
    const { id } = await suite.subscribe(suite.receiver.url, 'alert.raised');
    await suite.registry.database.query(`update registry.subscription set state = 'disabled'`);
    await suite.registry.database.query(
      `insert into registry.subscription_delivery (subscription_id, event_id, subject, body, created_at, not_before)
       select $1, gen_random_uuid(), 'alert.raised', '{}', $2::timestamptz - n * interval '1 second', $2
       from generate_series(1, 11500) as n`,
      [id, suite.clock.now()],
    );
    await suite.get(BoundDeliveries).sweep();
    expect(await suite.view(id)).toMatchObject({ waiting: 10_000, dropped: 1_500 });
    suite.clock.advance(14 * DAY - 5_000 * SECOND - 500);
    await suite.get(BoundDeliveries).sweep();
    expect(await suite.view(id)).toMatchObject({ waiting: 5_000, dropped: 6_500 });
    const page = await suite.registry.ask<Page<SubscriptionDeliveryView>>(
      'GET',
      `/api/subscriptions/${id}/deliveries?limit=3`,
    );
    const next = await suite.registry.ask<Page<SubscriptionDeliveryView>>(
      ...(['GET', `/api/subscriptions/${id}/deliveries?limit=3&cursor=${page.next}`] as const),
    );
    const created = [...page.items, ...next.items].map(({ createdAt }) => createdAt);
    expect(created).toEqual([...new Set(created)].sort().reverse());
  });
});
