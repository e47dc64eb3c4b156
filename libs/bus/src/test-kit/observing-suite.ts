import { type Observer, type Passing } from '../observers';
import { envelope, envelopes, Recorder } from './recorder';
import { type TransportTests } from './transport-tests';
import { until } from './until';

/** Notes what passes of one subject, and how much passed unseen. */
class Onlooker implements Observer {
  readonly seen: Passing[] = [];
  readonly missedCounts: (number | null)[] = [];

  constructor(private readonly subject: string) {}

  saw(event: Passing): void {
    if (event.subject === this.subject) this.seen.push(event);
  }

  missed(count: number | null): void {
    this.missedCounts.push(count);
  }

  get numbers(): number[] {
    return this.seen.map((event) => (JSON.parse(event.payload.toString()) as { n: number }).n);
  }

  get missedInAll(): number {
    return this.missedCounts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  }

  async has(count: number): Promise<void> {
    await until(`${count} events to be seen`, () => new Set(this.numbers).size >= count);
  }
}

/** No hop may take longer than this: what is looked for without a hint is looked for each second. */
const WITHIN_MS = 2_000;

export function observingSuite(suite: TransportTests): void {
  describe('observing', () => {
    it('shows what passes from now on, of every process, each once, whoever consumes it', async () => {
      const [here, elsewhere] = [suite.open(), suite.open()];
      const recorder = new Recorder();
      await elsewhere.subscribe(recorder.subscription('a.observed', suite.subject));
      await here.publish([envelope(suite.subject, 0)]);
      const [first, second] = [new Onlooker(suite.subject), new Onlooker(suite.subject)];
      await here.observe(first);
      await here.observe(second);
      await here.publish([envelope(suite.subject, 1)]);
      const published = envelope(suite.subject, 2);
      await elsewhere.publish([published]);
      await Promise.all([first.has(2), second.has(2), recorder.has(3)]);
      await here.publish([envelope(suite.subject, 3)]);
      await Promise.all([first.has(3), second.has(3)]);
      expect([...first.numbers].sort()).toEqual([1, 2, 3]);
      expect([...second.numbers].sort()).toEqual([1, 2, 3]);
      const seen = first.seen.find((event) => event.attributes?.id === published.attributes.id);
      expect(seen).toMatchObject({ subject: suite.subject, attributes: published.attributes });
      expect(seen?.payload.toString()).toBe(published.payload);
    });

    it('shows also what nobody consumes', async () => {
      const [here, elsewhere] = [suite.open(), suite.open()];
      const onlooker = new Onlooker(suite.subject);
      await here.observe(onlooker);
      await elsewhere.publish(envelopes(suite.subject, 3));
      await until('what nobody consumes', () => onlooker.seen.length === 3, WITHIN_MS);
    });

    it('shows nothing more once it is stopped, and begins with what comes then when it is begun again', async () => {
      const transport = suite.open();
      const [before, after] = [new Onlooker(suite.subject), new Onlooker(suite.subject)];
      const running = await transport.observe(before);
      await transport.publish([envelope(suite.subject, 1)]);
      await before.has(1);
      await running.stop();
      await running.stop();
      await transport.publish([envelope(suite.subject, 2)]);
      await transport.observe(after);
      await transport.publish([envelope(suite.subject, 3)]);
      await after.has(1);
      expect([before.numbers, after.numbers]).toEqual([[1], [3]]);
    });

    it('hurts neither the consumers nor the other observers when an observer throws', async () => {
      const transport = suite.open();
      const recorder = new Recorder();
      const onlooker = new Onlooker(suite.subject);
      await transport.subscribe(recorder.subscription('a.unhurt', suite.subject));
      await transport.observe({
        saw: () => {
          throw new Error('cannot look');
        },
        missed: () => {
          throw new Error('cannot hear');
        },
      });
      await transport.observe(onlooker);
      await transport.publish(envelopes(suite.subject, 20));
      await Promise.all([recorder.has(20), onlooker.has(20)]);
      await transport.publish([envelope(suite.subject, 20)]);
      await Promise.all([recorder.has(21), onlooker.has(21)]);
    });

    it('goes on after the connection broke, and says that something may have passed unseen', async () => {
      const { transport, sever, restore } = await suite.store.openSeverable();
      suite.closing(transport);
      const onlooker = new Onlooker(suite.subject);
      await transport.observe(onlooker);
      await sever();
      await until('an unhealthy report', () => !transport.health().ok);
      await restore();
      await until('a word of what was missed', () => onlooker.missedCounts.includes(null), 20_000);
      await until('an event that is seen', async () => {
        await suite.publish(transport, [envelope(suite.subject, 1)]);
        return onlooker.seen.length > 0;
      });
    }, 60_000);

    it('goes on after the store was wiped', async () => {
      const transport = suite.open();
      const onlooker = new Onlooker(suite.subject);
      await transport.observe(onlooker);
      await suite.publish(transport, envelopes(suite.subject, 5));
      await onlooker.has(5);
      await suite.store.wipe();
      await until('an event that is seen', async () => {
        await suite.publish(transport, [envelope(suite.subject, 10)]);
        return onlooker.numbers.includes(10);
      });
    }, 60_000);

    it('shows a burst of 10,000 events or says how many of them passed unseen', async () => {
      const [here, elsewhere] = [suite.open(), suite.open()];
      const onlooker = new Onlooker(suite.subject);
      await here.observe(onlooker);
      for (let from = 0; from < 10_000; from += 100) await elsewhere.publish(envelopes(suite.subject, 100, from));
      await until('the whole burst', () => onlooker.seen.length + onlooker.missedInAll >= 10_000);
      await elsewhere.publish([envelope(suite.subject, 10_000)]);
      await until('what came after it', () => onlooker.numbers.includes(10_000));
      expect(onlooker.seen.length + onlooker.missedInAll).toBe(10_001);
      expect(new Set(onlooker.numbers).size).toBe(onlooker.seen.length);
    }, 60_000);
  });
}
