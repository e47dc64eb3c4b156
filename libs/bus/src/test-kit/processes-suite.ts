import { type Incoming } from '../transport';
import { envelope, envelopes, Recorder } from './recorder';
import { SAFETY_NET_MS, type TransportTests } from './transport-tests';
import { pause, until } from './until';

export function processesSuite(suite: TransportTests): void {
  describe('several processes', () => {
    it('share the work of a durable, and none does what another one did', async () => {
      const work = async (incoming: Incoming): Promise<void> => {
        await pause(2);
        incoming.ack();
      };
      const recorders = [new Recorder(work), new Recorder(work)];
      for (const recorder of recorders) await suite.open().subscribe(recorder.subscription('a.shared', suite.subject));
      const publisher = suite.open();
      for (let from = 0; from < 400; from += 20) await publisher.publish(envelopes(suite.subject, 20, from));
      const all = (): number[] => recorders.flatMap((recorder) => recorder.numbers);
      await until('all events', () => new Set(all()).size === 400);
      await pause(50);
      expect(all()).toHaveLength(400);
      for (const recorder of recorders) expect(recorder.arrivals.length).toBeGreaterThan(20);
    });

    it('take over what a killed one had in hand or had not begun', async () => {
      const { transport: killed, sever } = await suite.store.openSeverable();
      let release: () => void = () => undefined;
      const hung = new Promise<void>((resolve) => (release = resolve));
      const before = new Recorder(() => hung);
      await killed.subscribe(before.subscription('a.killed', suite.subject, 2));
      const publisher = suite.open();
      await publisher.publish(envelopes(suite.subject, 10));
      await before.has(2);
      const after = new Recorder();
      await publisher.subscribe(after.subscription('a.killed', suite.subject, 2));
      await pause(100);
      const had = after.distinct;
      await sever();
      await after.has(10, suite.leaseMs + 5_000);
      expect(had).toBeLessThan(10);
      release();
      await killed.close();
    }, 30_000);

    it('leave a delivery alone for as long as it is worked on', async () => {
      const recorder = new Recorder(async (incoming) => {
        await pause(suite.leaseMs * 2.5);
        incoming.ack();
      });
      // The second event waits in the process for as long as the first is in hand.
      await suite.open().subscribe(recorder.subscription('a.slow', suite.subject, 1));
      const publisher = suite.open();
      await publisher.publish(envelopes(suite.subject, 2));
      await recorder.has(2, suite.leaseMs * 6);
      const other = new Recorder();
      await publisher.subscribe(other.subscription('a.slow', suite.subject, 1));
      await pause(suite.leaseMs * 3);
      expect([recorder.arrivals.length, other.arrivals.length]).toEqual([2, 0]);
    }, 60_000);

    it('get at once what a stopped one had not begun; what it had in hand it finishes', async () => {
      const first = suite.open();
      let release: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => (release = resolve));
      const stopping = new Recorder(async (incoming) => {
        await gate;
        incoming.ack();
      });
      const running = await first.subscribe(stopping.subscription('a.stopped', suite.subject, 2));
      const publisher = suite.open();
      // More than one process takes ahead, so that the other is known to ask for more before the first one stops.
      await publisher.publish(envelopes(suite.subject, 40));
      await stopping.has(2);
      const other = new Recorder();
      await publisher.subscribe(other.subscription('a.stopped', suite.subject));
      await other.has(1);
      const stopped = running.stop();
      await other.has(38, SAFETY_NET_MS / 4);
      release();
      await stopped;
      await pause(100);
      expect(stopping.arrivals).toHaveLength(2);
      expect([...stopping.numbers, ...other.numbers].sort((a, b) => a - b)).toEqual([...Array(40).keys()]);
    });

    it('do not let their own events push aside those of another', async () => {
      const [busy, other] = [suite.open(), suite.open()];
      const recorder = new Recorder(async (incoming) => {
        await pause(1);
        incoming.ack();
      });
      await busy.subscribe(recorder.subscription('a.fair', suite.subject, 1));
      let over = false;
      const flooding = (async () => {
        for (let n = 1; !over; n += 8) await busy.publish(envelopes(suite.subject, 8, n));
      })();
      await recorder.has(50);
      const before = recorder.arrivals.length;
      await other.publish([envelope(suite.subject, 0)]);
      await until('the event of the other', () => recorder.numbers.includes(0), 30_000);
      over = true;
      await flooding;
      // It came in its turn: after what was published before it, not after all that was published.
      expect(recorder.numbers.indexOf(0)).toBeGreaterThanOrEqual(before);
    }, 40_000);

    it('hear of each other without waiting for a poll', async () => {
      const [publisher, consumer] = [suite.open(), suite.open()];
      const recorder = new Recorder();
      await consumer.subscribe(recorder.subscription('a.woken', suite.subject));
      await publisher.ready();
      const latencies: number[] = [];
      for (let n = 0; n < 20; n += 1) {
        const began = performance.now();
        await publisher.publish([envelope(suite.subject, n)]);
        await recorder.has(n + 1);
        latencies.push(performance.now() - began);
      }
      latencies.sort((a, b) => a - b);
      expect(latencies[10]).toBeLessThan(SAFETY_NET_MS / 4);
    }, 30_000);
  });
}
