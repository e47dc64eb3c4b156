import { AnotherSession } from '../transport';
import { envelope, envelopes, Recorder } from './recorder';
import { type TransportTests } from './transport-tests';
import { pause, until } from './until';

export function troubleSuite(suite: TransportTests): void {
  describe('trouble', () => {
    it('goes on by itself when the store was killed and is back', async () => {
      const [publisher, consumer] = [suite.open(), suite.open()];
      const recorder = new Recorder();
      await consumer.subscribe(recorder.subscription('a.survivor', suite.subject));
      let stop = false;
      let published = 0;
      const publishing = (async () => {
        for (; !stop; published += 5) {
          await suite.publish(publisher, envelopes(suite.subject, 5, published));
          await pause(2);
        }
      })();
      for (let kill = 0; kill < 3; kill += 1) {
        await until('progress', () => recorder.distinct > kill * 20, 20_000);
        await suite.store.killAndRestore();
      }
      const before = recorder.distinct;
      await until('progress after the last kill', () => recorder.distinct > before + 20, 20_000);
      stop = true;
      await publishing;
      await recorder.has(published, suite.leaseMs + 10_000);
      await until('healthy reports', () => publisher.health().ok && consumer.health().ok);
    }, 90_000);

    it('connects when the store appears after it', async () => {
      const { transport, sever, restore } = await suite.store.openSeverable();
      suite.closing(transport);
      await sever();
      let ready = false;
      const waiting = transport.ready().then(() => (ready = true));
      await pause(300);
      expect(ready).toBe(false);
      expect(transport.health().ok).toBe(false);
      expect(transport.health().detail).not.toBe('');
      await restore();
      await waiting;
      const recorder = new Recorder();
      await transport.subscribe(recorder.subscription('a.patient', suite.subject));
      await transport.publish([envelope(suite.subject, 1)]);
      await recorder.has(1);
      expect(transport.health().ok).toBe(true);
    }, 20_000);

    it('can be closed while the store is away', async () => {
      const { transport, sever } = await suite.store.openSeverable();
      await sever();
      const waiting = expect(transport.ready()).rejects.toThrow('closed before it connected');
      await pause(50);
      await transport.close();
      await waiting;
      await transport.close();
    }, 10_000);

    it('says that it is not well while the connection is broken', async () => {
      const { transport, sever, restore } = await suite.store.openSeverable();
      suite.closing(transport);
      await transport.ready();
      let reconnects = 0;
      transport.onReconnect(() => (reconnects += 1));
      await sever();
      await until('an unhealthy report', () => !transport.health().ok);
      await restore();
      await until('a healthy report', () => transport.health().ok && reconnects > 0);
    }, 20_000);

    it('notices a network that went silent, and goes on when it is there again', async () => {
      const { transport, sever, freeze, restore } = await suite.store.openSeverable();
      suite.closing(transport);
      const recorder = new Recorder();
      await transport.subscribe(recorder.subscription('a.silent', suite.subject));
      await transport.publish([envelope(suite.subject, 1)]);
      await recorder.has(1);
      freeze();
      const publishing = suite.publish(transport, [envelope(suite.subject, 2)]);
      await until('an unhealthy report', () => !transport.health().ok, 15_000);
      await sever();
      await restore();
      await publishing;
      await recorder.has(2, 20_000);
    }, 60_000);

    it('notices that the store is another one, and serves its consumers from that', async () => {
      const transport = suite.open();
      const recorder = new Recorder();
      await transport.subscribe(recorder.subscription('a.wiped', suite.subject));
      const [receipt] = await transport.publish([envelope(suite.subject, 0)]);
      await recorder.has(1);
      const before = await transport.lineage();
      expect(before).toMatchObject({ id: receipt!.lineage });
      expect(before.lastSequence).toBeGreaterThanOrEqual(receipt!.sequence);
      await suite.store.wipe();
      let after = before;
      await until('another lineage', async () => {
        after = await transport.lineage().catch(() => before);
        return after.id !== before.id;
      });
      expect(after.lastSequence).toBeLessThan(before.lastSequence);
      await suite.publish(transport, [envelope(suite.subject, 1)]);
      await recorder.has(2);
    }, 30_000);

    it('does not publish for one who has not looked at the store since the connection broke', async () => {
      const { transport, sever, restore } = await suite.store.openSeverable();
      suite.closing(transport);
      const { session } = await transport.lineage();
      await transport.publish([envelope(suite.subject, 1)], session);
      await sever();
      await until('an unhealthy report', () => !transport.health().ok);
      await restore();
      await until('a healthy report', () => transport.health().ok);
      await expect(transport.publish([envelope(suite.subject, 2)], session)).rejects.toThrow(AnotherSession);
      const { session: next } = await transport.lineage();
      await transport.publish([envelope(suite.subject, 2)], next);
    }, 20_000);

    it('knows whether an event lies where its receipt says', async () => {
      const transport = suite.open();
      const batch = envelopes(suite.subject, 2);
      const [first, second] = await transport.publish(batch);
      const [a, b] = batch.map((each) => each.attributes.id) as [string, string];
      expect(await transport.holds(first!.sequence, a)).toBe(true);
      expect(await transport.holds(second!.sequence, b)).toBe(true);
      expect(await transport.holds(second!.sequence, a)).toBe(false);
      expect(await transport.holds(second!.sequence + 1_000_000, b)).toBe(false);
    });
  });
}
