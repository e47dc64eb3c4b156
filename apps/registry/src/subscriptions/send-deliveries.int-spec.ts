import { eventually, MovableClock, testDatabase } from '@recert/testing';
import { SubscriptionDisabled, type SubscriptionDeliveryView } from '@recert/contracts';
import { newEventId, ServiceDatabase } from '@recert/bus';
import { isSignedWith, Receiver } from '../fixtures/receiver';
import { SubscribingRegistry } from '../fixtures/subscribing-registry';
import { DeliveryRepository } from './delivery.repository';
import { FollowSubjects } from './follow-subjects';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

describe('messages to subscribers', () => {
  const suite = new SubscribingRegistry({ testDatabase, eventually, newClock: () => new MovableClock(new Date()) });

  it('are not held up by one that is slow and one that fails', async () => {
    const slow = await Receiver.start();
    slow.answer = () => undefined;
    suite.other.says(500);
    const [, failing] = [
      await suite.subscribe(slow.url, 'alert.raised'),
      await suite.subscribe(suite.other.url, 'alert.raised'),
    ];
    await suite.subscribe(suite.receiver.url, 'alert.raised');
    const began = performance.now();
    for (let n = 0; n < 20; n += 1) await suite.raise(`number ${n}`);
    await suite.came(20);
    await suite.came(20, suite.other);
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(slow.messages).toHaveLength(5);
    expect(await suite.view(failing.id)).toMatchObject({ waiting: 20, lastError: { error: 'it answered 500' } });
    await slow.stop();
  });

  it('try again by the plan, under the same id, with a signature of its own time', async () => {
    suite.receiver.says(500);
    const { id, secret } = await suite.subscribe(suite.receiver.url, 'alert.raised');
    await suite.raise();
    await suite.came(1);
    await suite.settled(id, 'waiting', 1);
    const [{ nextAttemptAt, error, status }] = (await suite.deliveries(id)) as [SubscriptionDeliveryView];
    const waitMs = Date.parse(nextAttemptAt!) - suite.clock.now().getTime();
    expect([status, error, waitMs >= 5_000, waitMs <= 6_000]).toEqual([500, 'it answered 500', true, true]);
    suite.later(4_999);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(suite.receiver.messages).toHaveLength(1);
    suite.receiver.says(200);
    suite.later(1_001);
    await suite.came(2);
    await suite.settled(id, 'sent', 2);
    expect(new Set(suite.receiver.ids).size).toBe(1);
    const [first, second] = suite.receiver.messages as [
      (typeof suite.receiver.messages)[0],
      (typeof suite.receiver.messages)[0],
    ];
    expect(Number(second.headers['webhook-timestamp'])).toBeGreaterThan(Number(first.headers['webhook-timestamp']));
    expect([isSignedWith(secret, first), isSignedWith(secret, second), second.body]).toEqual([true, true, first.body]);
    expect(await suite.view(id)).toMatchObject({
      failingSince: null,
      lastError: { error: 'it answered 500' },
      waiting: 0,
    });
  });

  it('give a message up after ten attempts, and send it when somebody says so', async () => {
    suite.receiver.says(400);
    const { id } = await suite.subscribe(suite.receiver.url, 'alert.raised');
    await suite.raise();
    for (let attempt = 1; attempt < 10; attempt += 1) {
      await suite.settled(id, 'waiting', attempt);
      // Some other message arrives, so that the subscription is not given up with it.
      await suite.registry.database.query('update registry.subscription set failing_since = null');
      suite.later(29 * HOUR);
    }
    await suite.settled(id, 'failed', 10);
    suite.later(30 * DAY);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(suite.receiver.messages).toHaveLength(10);
    suite.receiver.says(200);
    const [given] = await suite.deliveries(id);
    await suite.registry.ask('POST', `/api/subscriptions/${id}/deliveries/${given!.id}/resend`);
    await suite.came(11);
    await suite.settled(id, 'sent', 1);
    expect(new Set(suite.receiver.ids).size).toBe(1);
    const nowhere = `/api/subscriptions/${id}/deliveries/${newEventId()}/resend`;
    expect((await suite.registry.request('POST', nowhere)).status).toBe(404);
  });

  it('send it again under the same id when the mark was lost', async () => {
    const spy = jest.spyOn(DeliveryRepository.prototype, 'markSent').mockRejectedValueOnce(new Error('killed'));
    const { id } = await suite.subscribe(suite.receiver.url, 'alert.raised');
    await suite.raise();
    await suite.came(1);
    await eventually(() => expect(spy).toHaveBeenCalledTimes(1));
    suite.later(59 * SECOND);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(suite.receiver.messages).toHaveLength(1);
    suite.later(SECOND);
    await suite.came(2);
    await suite.settled(id, 'sent', 2);
    expect(new Set(suite.receiver.ids).size).toBe(1);
    spy.mockRestore();
  });

  it('are disabled after five days in which nothing arrived, gather on, and send it all when enabled', async () => {
    suite.receiver.says(503);
    const { id } = await suite.subscribe(suite.receiver.url, 'alert.raised');
    await suite.raise('first');
    await suite.settled(id, 'waiting', 1);
    suite.later(5 * DAY - SECOND);
    await suite.settled(id, 'waiting', 2);
    expect(await suite.view(id)).toMatchObject({ state: 'active' });
    expect(await suite.registry.published(SubscriptionDisabled)).toEqual([]);
    suite.later(HOUR);
    await suite.settled(id, 'waiting', 3);
    const { state, disabledAt, failingSince } = await suite.view(id);
    expect([state, disabledAt]).toEqual(['disabled', suite.clock.now().toISOString()]);
    expect(await suite.registry.published(SubscriptionDisabled)).toEqual([
      {
        ...{ subscriptionId: id, version: 1, name: 'n8n', address: new URL(suite.receiver.url).origin },
        ...{ failingSince, error: 'it answered 503', at: disabledAt },
      },
    ]);
    suite.clock.set(new Date());
    await suite.raise('second');
    suite.later(2 * DAY);
    await eventually(async () => expect(await suite.view(id)).toMatchObject({ waiting: 2 }));
    expect(suite.receiver.messages).toHaveLength(3);
    expect((await suite.registry.request('POST', `/api/subscriptions/${id}/test`)).status).toBe(409);
    suite.receiver.says(200);
    expect(await suite.patch(id, { active: true })).toMatchObject({
      state: 'active',
      failingSince: null,
      disabledAt: null,
    });
    await suite.came(5);
    expect(
      suite.receiver.messages
        .slice(3)
        .map(({ data }) => data['title'])
        .sort(),
    ).toEqual(['first', 'second']);
    await eventually(async () => expect(await suite.view(id)).toMatchObject({ waiting: 0 }));
  });

  it('are disabled at once by 410, and count how often', async () => {
    suite.receiver.says(410);
    const { id } = await suite.subscribe(suite.receiver.url, 'alert.raised');
    await suite.raise();
    await eventually(async () => expect(await suite.view(id)).toMatchObject({ state: 'disabled', waiting: 1 }));
    await suite.patch(id, { active: true });
    await eventually(async () => expect(await suite.registry.published(SubscriptionDisabled)).toHaveLength(2));
    expect((await suite.registry.published(SubscriptionDisabled)).map(({ version }) => version)).toEqual([1, 2]);
    suite.receiver.says(200);
    await suite.patch(id, { active: true });
    await eventually(async () => expect(await suite.view(id)).toMatchObject({ state: 'active', waiting: 0 }));
    expect(new Set(suite.receiver.ids).size).toBe(1);
  });

  it('leave a receiver alone that says when it wants to hear again', async () => {
    suite.receiver.says(429, { 'retry-after': '600' });
    const { id } = await suite.subscribe(suite.receiver.url, 'alert.raised');
    await suite.raise('first');
    await suite.settled(id, 'waiting', 1);
    await suite.raise('second');
    suite.later(599 * SECOND);
    await eventually(async () => expect(await suite.view(id)).toMatchObject({ waiting: 2 }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(suite.receiver.messages).toHaveLength(1);
    suite.receiver.says(200);
    suite.later(SECOND);
    await suite.came(3);
  });

  it('count a redirect and a refused address as failures that say what to do', async () => {
    suite.receiver.says(302, { location: 'https://elsewhere.example/hook?key=1' });
    const { id } = await suite.subscribe(suite.receiver.url, 'alert.raised');
    await suite.raise();
    await suite.settled(id, 'waiting', 1);
    expect((await suite.deliveries(id))[0]!.error).toBe(
      'it answered 302 and leads to https://elsewhere.example: redirects are not followed, write the final address',
    );
    await suite.registry.database.query(`update registry.subscription set url = 'http://169.254.169.254/latest'`);
    suite.later(HOUR);
    await suite.settled(id, 'waiting', 2);
    expect((await suite.deliveries(id))[0]).toMatchObject({
      ...{ status: null, error: expect.stringMatching('169.254.169.254 is not public') as string },
    });
  });

  it('go on with what waits after the process was started again', async () => {
    suite.receiver.says(500);
    const { id } = await suite.subscribe(suite.receiver.url, 'alert.raised');
    await suite.raise('before');
    await suite.settled(id, 'waiting', 1);
    await suite.registry.stop();
    suite.receiver.says(200);
    suite.clock.advance(HOUR);
    await suite.start();
    await suite.came(2);
    suite.clock.set(new Date());
    await suite.raise('after');
    await suite.came(3);
    expect(suite.receiver.messages.map(({ data }) => data['title'])).toEqual(['before', 'before', 'after']);
  });

  it('are sent once by two replicas, and five at once together', async () => {
    let [atOnce, most] = [0, 0];
    suite.receiver.answer = (response) => {
      most = Math.max(most, (atOnce += 1));
      setTimeout(() => {
        atOnce -= 1;
        response.end();
      }, 30);
    };
    const { id } = await suite.subscribe(suite.receiver.url, 'alert.raised');
    const second = await suite.another();
    await eventually(() => expect(second.process.app.get(FollowSubjects, { strict: false }).subjects).toHaveLength(1));
    await Promise.all(Array.from({ length: 40 }, (_, n) => suite.raise(`number ${n}`)));
    await suite.came(40);
    await eventually(async () => expect(await suite.view(id)).toMatchObject({ waiting: 0 }));
    await second.stop();
    expect(new Set(suite.receiver.ids).size).toBe(40);
    expect(most).toBeLessThanOrEqual(5);
  });

  it('are claimed five at most, however many claim them in the same moment', async () => {
    const { id } = await suite.subscribe(suite.receiver.url, 'alert.raised');
    const deliveries = suite.get(DeliveryRepository);
    const due = new Date(suite.clock.now().getTime() + HOUR);
    await suite.get(ServiceDatabase).transaction(async (tx) => {
      for (let n = 0; n < 40; n += 1)
        await deliveries.addTo(tx, id, { id: newEventId(), subject: 'alert.raised', at: due, body: '{}' }, due);
    });
    for (let round = 0; round < 100; round += 1) {
      const claims = await Promise.all(Array.from({ length: 4 }, () => deliveries.claim(due)));
      expect(claims.flat()).toHaveLength(5);
      for (const claimed of claims.flat()) await deliveries.giveBack(claimed);
    }
  });

  it('say what a receiver answered, whatever that is', async () => {
    suite.receiver.answer = (response) => void response.writeHead(500).end('no\u0000where \n to go');
    const { id } = await suite.subscribe(suite.receiver.url, 'alert.raised');
    await suite.raise();
    await suite.settled(id, 'waiting', 1);
    expect((await suite.deliveries(id))[0]!.error).toBe('it answered 500: no\uFFFDwhere to go');
  });

  it('do not keep a subscription from being removed while they are sent', async () => {
    suite.receiver.answer = (response) => void setTimeout(() => response.end(), 5);
    for (let round = 0; round < 5; round += 1) {
      const { id } = await suite.subscribe(suite.receiver.url, 'alert.raised');
      await Promise.all(Array.from({ length: 10 }, (_, n) => suite.raise(`number ${n}`)));
      await eventually(() => expect(suite.receiver.messages.length).toBeGreaterThan(round));
      await suite.registry.ask('DELETE', `/api/subscriptions/${id}`);
    }
    expect(await suite.registry.database.query('select 1 from subscription_delivery')).toEqual([]);
  });

  it('do not keep the process from being stopped, and give back what is under way', async () => {
    suite.receiver.answer = () => undefined;
    const { id } = await suite.subscribe(suite.receiver.url, 'alert.raised');
    await suite.raise();
    await suite.came(1);
    const began = performance.now();
    await suite.registry.stop();
    expect(performance.now() - began).toBeLessThan(3_000);
    await suite.start();
    await suite.came(2);
    expect(new Set(suite.receiver.ids).size).toBe(1);
    expect((await suite.deliveries(id))[0]).toMatchObject({ state: 'sending', attempts: 1 });
  });
});
