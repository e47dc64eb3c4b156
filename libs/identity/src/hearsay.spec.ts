import { Hearsay } from './hearsay';

const BELIEVED_MS = 2_000;
const PATIENCE_MS = 1_500;
const STRANGE_MS = 60_000;

describe('what another service tells of', () => {
  let table: Map<string, string>;
  let looks: string[];
  let told: Hearsay<string>;

  beforeEach(() => {
    jest.useFakeTimers();
    table = new Map();
    looks = [];
    told = new Hearsay(async (key) => {
      looks.push(key);
      return table.get(key) ?? null;
    });
  });
  afterEach(() => jest.useRealTimers());

  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms).then(() => undefined);
  const timeOf = async (work: Promise<unknown>): Promise<number> => {
    const began = performance.now();
    const ended = work.then(() => performance.now() - began);
    await pass(2 * PATIENCE_MS);
    return ended;
  };

  describe('that is known', () => {
    it.each([
      [BELIEVED_MS - 1, 'old'],
      [BELIEVED_MS, 'new'],
      [BELIEVED_MS + 1, 'new'],
    ])('is after %d ms what was %s', async (ms, expected) => {
      table.set('a', 'old');
      expect(await told.find('a')).toBe('old');
      table.set('a', 'new');
      await pass(ms);
      expect(await told.find('a')).toBe(expected);
      expect(await told.findOrAwait('a')).toBe(expected);
    });

    it('is looked up again once it is forgotten, and nothing else is', async () => {
      table.set('a', 'old').set('b', 'other');
      for (const key of ['a', 'b']) await told.find(key);
      table.set('a', 'new').set('b', 'another');
      told.forget((fact) => fact === 'old');
      expect([await told.find('a'), await told.find('b')]).toEqual(['new', 'other']);
    });

    it('is not remembered without end', async () => {
      const keys = Array.from({ length: 10_001 }, (_, n) => `key ${n}`);
      for (const key of keys) table.set(key, 'x');
      for (const key of keys) await told.find(key);
      for (const key of [keys.at(-1)!, keys[0]!]) await told.find(key);
      expect(looks.slice(keys.length)).toEqual([keys[0]]);
    });
  });

  describe('that nobody has told of', () => {
    it('is not waited for by who does not want to', async () => {
      expect(await timeOf(told.find('a'))).toBe(0);
      expect(await told.find('a')).toBeNull();
    });

    it.each([
      [0, 'news'],
      [200, 'news'],
      [PATIENCE_MS - 1, 'news'],
      [PATIENCE_MS + 1, null],
    ])('and comes %d ms later is %s', async (ms, expected) => {
      const found = told.findOrAwait('a');
      setTimeout(() => table.set('a', 'news'), ms);
      await pass(PATIENCE_MS + 1);
      expect(await found).toBe(expected);
    });

    it.each([
      [STRANGE_MS - 1, 0],
      [STRANGE_MS, PATIENCE_MS],
      [STRANGE_MS + 1, PATIENCE_MS],
    ])('is asked for again %d ms later and waited for %d ms', async (later, expected) => {
      const first = told.findOrAwait('a');
      await pass(PATIENCE_MS);
      expect(await first).toBeNull();
      await pass(later);
      expect(await timeOf(told.findOrAwait('a'))).toBe(expected);
    });

    it('is found also while it is strange', async () => {
      expect(await timeOf(told.findOrAwait('a'))).toBe(PATIENCE_MS);
      table.set('a', 'late news');
      expect(await told.findOrAwait('a')).toBe('late news');
    });

    it('is waited for together by all who ask', async () => {
      const all = Promise.all(Array.from({ length: 50 }, () => told.findOrAwait('a')));
      setTimeout(() => table.set('a', 'news'), 250);
      await pass(300);
      expect(new Set(await all)).toEqual(new Set(['news']));
      expect(looks).toHaveLength(50 + 3);
    });

    it('is waited for 64 at a time, and then no more', async () => {
      const waiting = Array.from({ length: 64 }, (_, n) => told.findOrAwait(`stranger ${n}`));
      await pass(0);
      expect(await told.findOrAwait('one more')).toBeNull();
      await pass(PATIENCE_MS);
      expect(new Set(await Promise.all(waiting))).toEqual(new Set([null]));
      expect(await timeOf(told.findOrAwait('one more'))).toBe(PATIENCE_MS);
    });

    it('and cannot be looked up is an error, and waited for the next time', async () => {
      const failing = new Hearsay<string>(async () => {
        looks.push('away');
        if (looks.length % 2 === 0) throw new Error('away');
        return null;
      });
      for (const expected of [2, 4]) {
        const found = expect(failing.findOrAwait('a')).rejects.toThrow('away');
        await pass(PATIENCE_MS);
        await found;
        expect(looks).toHaveLength(expected);
      }
    });
  });
});
