import { envelope, envelopes, Recorder } from './recorder';
import { type TransportTests } from './transport-tests';
import { pause } from './until';

export function forgettingSuite(suite: TransportTests): void {
  describe('forgetting', () => {
    it('keeps what comes for a durable that only stopped, and gives one that was forgotten everything anew', async () => {
      const transport = suite.open();
      const [first, again, anew] = [new Recorder(), new Recorder(), new Recorder()];
      const running = await transport.subscribe(first.subscription('a.forgotten', suite.subject, 1));
      await transport.publish(envelopes(suite.subject, 3));
      await first.has(3);
      await running.stop();
      await transport.publish(envelopes(suite.subject, 2, 3));
      const goingOn = await transport.subscribe(again.subscription('a.forgotten', suite.subject, 1));
      await again.has(2);
      expect(again.numbers).toEqual([3, 4]);
      await goingOn.stop();
      await transport.forget('a.forgotten');
      await transport.subscribe(anew.subscription('a.forgotten', suite.subject, 1));
      await anew.has(5);
      expect(anew.numbers).toEqual([0, 1, 2, 3, 4]);
    });

    it('takes nothing from the other durables, and does no harm where there is nothing to forget', async () => {
      const transport = suite.open();
      const [gone, kept] = [new Recorder(), new Recorder()];
      const running = await transport.subscribe(gone.subscription('a.gone', suite.subject));
      const staying = await transport.subscribe(kept.subscription('a.gone-not', suite.subject));
      await Promise.all([running.stop(), staying.stop()]);
      await transport.publish([envelope(suite.subject, 1)]);
      await transport.forget('a.gone');
      await transport.forget('a.gone');
      await transport.forget('a.never-there');
      await transport.publish([envelope(suite.subject, 2)]);
      await transport.subscribe(kept.subscription('a.gone-not', suite.subject));
      await kept.has(2);
      await pause(50);
      expect([[...kept.numbers].sort(), gone.numbers]).toEqual([[1, 2], []]);
    });

    it('forgets every durable of a service at once, and none of another whose name begins alike', async () => {
      const transport = suite.open();
      const names = ['all.first', 'all.second', 'all-others.first'];
      for (const name of names)
        await (await transport.subscribe(new Recorder().subscription(name, suite.subject))).stop();
      await transport.publish([envelope(suite.subject, 1)]);
      expect(await transport.forgetAll('all')).toBe(2);
      expect(await transport.forgetAll('all')).toBe(0);
      expect([...(await transport.backlog(names)).values()]).toEqual([0, 0, 1]);
    });

    it('carries what outside systems say, to consumers and to observers', async () => {
      const transport = suite.open();
      const recorder = new Recorder();
      const subject = `outside.${suite.subject.replace('.', '-')}`;
      const seen: string[] = [];
      await transport.observe({ saw: (event) => void seen.push(event.subject), missed: () => undefined });
      await transport.subscribe(recorder.subscription('a.outside', subject));
      await transport.publish([envelope(subject, 1)]);
      await recorder.has(1);
      await pause(50);
      expect(seen).toContain(subject);
    });
  });
}
