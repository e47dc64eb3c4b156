import { newEventId } from '../event-id';
import { type Incoming, RefusedEvent, type Transport } from '../transport';
import { envelope, envelopes, Recorder } from './recorder';
import { SAFETY_NET_MS, type TransportTests } from './transport-tests';
import { pause, until } from './until';

export function deliverySuite(suite: TransportTests): void {
  describe('delivery', () => {
    it('gives every durable all that publish resolved for', async () => {
      const transport = suite.open();
      const [first, second] = [new Recorder(), new Recorder()];
      await transport.subscribe(first.subscription('a.first', suite.subject));
      await transport.subscribe(second.subscription('b.second', suite.subject));
      await Promise.all([0, 100, 200].map((from) => transport.publish(envelopes(suite.subject, 100, from))));
      await Promise.all([first.has(300), second.has(300)]);
      await pause(50);
      expect([first.arrivals.length, second.arrivals.length]).toEqual([300, 300]);
    });

    it('keeps the order for a consumer that takes one at a time', async () => {
      const transport = suite.open();
      const recorder = new Recorder();
      await transport.subscribe(recorder.subscription('a.ordered', suite.subject, 1));
      for (let from = 0; from < 300; from += 15) await transport.publish(envelopes(suite.subject, 15, from));
      await recorder.has(300);
      expect(recorder.numbers).toEqual(Array.from({ length: 300 }, (_, n) => n));
    });

    it('passes attributes, data and the first delivery on as they were published', async () => {
      const transport = suite.open();
      const received: Incoming[] = [];
      const recorder = new Recorder((incoming) => {
        received.push(incoming);
        incoming.ack();
      });
      await transport.subscribe(recorder.subscription('a.attributes', suite.subject));
      const id = newEventId();
      const attributes = {
        ...envelope(suite.subject, 1, id).attributes,
        correlationId: newEventId(),
        causationId: newEventId(),
      };
      await transport.publish([{ attributes, payload: '{"n":1,"text":"\\u0000 ü 🙂"}' }]);
      await recorder.has(1);
      expect(received[0]).toMatchObject({ subject: suite.subject, attributes, deliveries: 1 });
      expect(received[0]?.payload.toString()).toBe('{"n":1,"text":"\\u0000 ü 🙂"}');
    });

    it('gives a new durable everything that is kept', async () => {
      const transport = suite.open();
      await transport.publish(envelopes(suite.subject, 50));
      const recorder = new Recorder();
      await transport.subscribe(recorder.subscription('a.late', suite.subject, 1));
      await recorder.has(50);
      expect(recorder.numbers).toEqual(Array.from({ length: 50 }, (_, n) => n));
    });

    it('gives a new durable everything also while others publish', async () => {
      const publishers = [suite.open(), suite.open()];
      const consumer = suite.open();
      await Promise.all([...publishers, consumer].map((transport) => transport.ready()));
      let published = 0;
      for (let round = 0; round < 15; round += 1) {
        const recorder = new Recorder();
        const publishing = publishers.map(async (transport) => {
          for (let batch = 0; batch < 5; batch += 1)
            await transport.publish(envelopes(suite.subject, 2, (published += 2)));
        });
        await pause(round);
        const running = await consumer.subscribe(recorder.subscription(`a.during${round}`, suite.subject));
        await Promise.all(publishing);
        await recorder.has(published);
        await pause(10);
        expect(recorder.arrivals).toHaveLength(published);
        await running.stop();
      }
    }, 30_000);

    it('stores an event that is published twice once', async () => {
      const transport = suite.open();
      const recorder = new Recorder();
      await transport.subscribe(recorder.subscription('a.twice', suite.subject));
      const batch = envelopes(suite.subject, 20);
      const receipts = await transport.publish(batch);
      expect(await transport.publish([...batch].reverse())).toEqual([...receipts].reverse());
      await transport.publish([envelope(suite.subject, 20)]);
      await recorder.has(21);
      expect(recorder.arrivals).toHaveLength(21);
    });

    it('refuses an event that it can never take by its id, and takes the others', async () => {
      const transport = suite.open();
      const good = envelopes(suite.subject, 2);
      const bad = { ...envelope(suite.subject, 9), payload: refusedPayload(transport) };
      const refusal = await transport.publish([good[0]!, bad, good[1]!]).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(RefusedEvent);
      expect((refusal as RefusedEvent).eventId).toBe(bad.attributes.id);
      await transport.publish(good);
    });
  });

  describe('retrying', () => {
    it('brings an event back not before the delay, and about then', async () => {
      const transport = suite.open();
      const recorder = new Recorder((incoming) =>
        incoming.deliveries < 3 ? incoming.retryAfter(400) : incoming.ack(),
      );
      await transport.subscribe(recorder.subscription('a.retried', suite.subject));
      await transport.publish([envelope(suite.subject, 1)]);
      await until('3 deliveries', () => recorder.arrivals.length === 3);
      expect(recorder.arrivals.map((arrival) => arrival.deliveries)).toEqual([1, 2, 3]);
      for (const [before, after] of [
        [0, 1],
        [1, 2],
      ] as const) {
        const waited = recorder.arrivals[after]!.at - recorder.arrivals[before]!.at;
        expect(waited).toBeGreaterThanOrEqual(399);
        expect(waited).toBeLessThan(400 + SAFETY_NET_MS / 4);
      }
    });

    it('lets the following events pass those that wait for their retry, however many', async () => {
      const transport = suite.open();
      const recorder = new Recorder((incoming, n) => (n < 60 ? incoming.retryAfter(60_000) : incoming.ack()));
      await transport.subscribe(recorder.subscription('a.held-up', suite.subject, 1));
      await transport.publish(envelopes(suite.subject, 60));
      await transport.publish([envelope(suite.subject, 60)]);
      await until('the good one', () => recorder.numbers.includes(60), SAFETY_NET_MS);
    });
  });
}

/** JetStream takes no message over 1 MB, PostgreSQL no NUL in a text. */
function refusedPayload(transport: Transport): string {
  return transport.kind === 'jetstream' ? JSON.stringify('x'.repeat(1024 * 1024)) : '{"n":"\u0000"}';
}
