import { envelope, envelopes } from './recorder';
import { type TransportTests } from './transport-tests';

export function readingSuite(suite: TransportTests): void {
  describe('reading what lies there', () => {
    it('gives the events of a subject one after the other, whoever has taken them, and null behind the last', async () => {
      const transport = suite.open();
      expect(await transport.next(suite.subject, 0)).toBeNull();
      const published = envelopes(suite.subject, 3);
      const [first] = await transport.publish([published[0]!]);
      await transport.publish([envelope(`${suite.subject}-other`, 9)]);
      const rest = await transport.publish(published.slice(1));
      const read = [];
      for (let after = 0; ;) {
        const lying = await transport.next(suite.subject, after);
        if (lying === null) break;
        read.push(lying);
        after = lying.sequence;
      }
      expect(read.map(({ sequence }) => sequence)).toEqual([first, ...rest].map((receipt) => receipt!.sequence));
      expect(read.map(({ attributes }) => attributes)).toEqual(published.map(({ attributes }) => attributes));
      expect(read.map(({ payload }) => payload.toString())).toEqual(published.map(({ payload }) => payload));
      expect(read.every(({ subject }) => subject === suite.subject)).toBe(true);
    });
  });
}
