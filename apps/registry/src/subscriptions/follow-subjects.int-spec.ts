import {
  eventually,
  MovableClock,
  startNatsServer,
  testDatabase,
  type NatsServer,
  type TestDatabase,
} from '@recert/testing';
import { AlertRaised } from '@recert/contracts';
import { bakery } from '../fixtures/bakery';
import { Receiver } from '../fixtures/receiver';
import { RunningRegistry } from '../fixtures/running-registry';
import { FollowSubjects } from './follow-subjects';

describe('following what is subscribed, on NATS', () => {
  let database: TestDatabase;
  let nats: NatsServer;
  let clock: MovableClock;
  let registry: RunningRegistry;
  let receiver: Receiver;

  beforeEach(async () => {
    [database, nats, receiver] = await Promise.all([testDatabase(), startNatsServer(), Receiver.start()]);
    clock = new MovableClock(new Date());
    const environment = { OUTGOING_ALLOW: '127.0.0.0/8', BUS_URL: nats.url };
    registry = await RunningRegistry.start(database.url, bakery, environment, clock);
  });
  afterEach(async () => {
    await registry.stop();
    await Promise.all([receiver.stop(), nats.stop()]);
    await database.drop();
  });

  const follower = (): FollowSubjects => registry.process.app.get(FollowSubjects, { strict: false });
  /** As the server's monitoring shows them. */
  const consumers = async (): Promise<string[]> => {
    const page = await (await fetch(`${nats.monitorUrl}/jsz?accounts=true&streams=true&consumers=true`)).text();
    return [...page.matchAll(/"name": "(registry_send-to-subscribers_[^"]+)"/g)].map(([, name]) => name!);
  };

  it('begins with a subscription, sends what is said, and is forgotten after the last one', async () => {
    expect(await consumers()).toEqual([]);
    const subscribe = { name: 'n8n', url: receiver.url, subjects: ['alert.raised'] };
    const { id } = await registry.ask<{ id: string }>('POST', '/api/subscriptions', subscribe);
    await eventually(async () => expect(await consumers()).toEqual(['registry_send-to-subscribers_alert-raised']));
    await registry.hear(AlertRaised, AlertRaised.example);
    await eventually(() => expect(receiver.messages.map(({ type }) => type)).toEqual(['alert.raised']));
    await registry.ask('DELETE', `/api/subscriptions/${id}`);
    await follower().look();
    clock.advance(60_000);
    await eventually(async () => {
      await follower().look();
      expect(await consumers()).toEqual([]);
    });
  });
});
