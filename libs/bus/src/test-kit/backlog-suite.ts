import { type Incoming } from '../transport';
import { acknowledge, envelopes, Recorder } from './recorder';
import { type TransportTests } from './transport-tests';
import { until } from './until';

export function backlogSuite(suite: TransportTests): void {
  describe('the backlog', () => {
    it('is what is not delivered, in hand, or put off, of these durables alone', async () => {
      const transport = suite.open();
      const inHand: Incoming[] = [];
      const recorder = new Recorder((incoming, n) => {
        if (n === 0) incoming.retryAfter(1_500);
        else if (n === 1) inHand.push(incoming);
        else incoming.ack();
      });
      const backlog = async (...durables: string[]): Promise<number> => {
        const each = await transport.backlog(durables);
        expect([...each.keys()]).toEqual(durables);
        return [...each.values()].reduce((sum, events) => sum + events, 0);
      };
      const running = await transport.subscribe(recorder.subscription('a.counted', suite.subject));
      await (await transport.subscribe(new Recorder().subscription('a.idle', suite.subject))).stop();
      expect(await backlog('a.counted', 'a.idle', 'a.never-there')).toBe(0);
      await transport.publish(envelopes(suite.subject, 5));
      await recorder.has(5);
      await until('the rest to be acked', async () => (await backlog('a.counted')) === 2);
      expect([await backlog('a.idle'), await backlog('a.counted', 'a.idle'), await backlog()]).toEqual([5, 7, 0]);
      inHand.forEach(acknowledge);
      await until('the one in hand', async () => (await backlog('a.counted')) === 1);
      await running.stop();
      expect(await backlog('a.counted')).toBe(1);
      const again = new Recorder();
      await transport.subscribe(again.subscription('a.counted', suite.subject));
      await until('nothing left', async () => (await backlog('a.counted')) === 0, 15_000);
      expect(again.numbers).toEqual([0]);
    }, 30_000);
  });
}
