import fc from 'fast-check';
import { type ReleaseState } from '@recert/contracts';
import { aProduct } from '../fixtures/a-product';
import { releasedBy } from './note-release';
import { hear, type Release, type ReleaseWord } from './release';

const word = (state: ReleaseState, minute: number, changes: Partial<ReleaseWord> = {}): ReleaseWord => ({
  ...{ key: 'run 12', productId: null, repository: 'https://github.com/acme/lugha', name: 'acme/lugha' },
  ...{ commit: '2222', release: null, environment: null, by: 'ada', url: null, log: null },
  ...{ state, at: new Date(Date.UTC(2026, 10, 27, 8, minute)), ...changes },
});
const placed = { id: 'run 12 lugha', productId: 'lugha', processId: null, name: 'Lugha' };
const heard = (words: readonly ReleaseWord[]): Release | null =>
  words.reduce<Release | null>((before, each) => hear(before, each, placed) ?? before, null);

describe('a release', () => {
  it('goes from its start to its end, and keeps both times', () => {
    expect(heard([word('started', 0), word('deployed', 2)])).toMatchObject({
      state: 'deployed',
      version: 2,
      startedAt: new Date('2026-11-27T08:00:00Z'),
      at: new Date('2026-11-27T08:02:00Z'),
    });
  });

  it('that has failed stays so, whatever else is said to have gone well', () => {
    expect(heard([word('failed', 1, { log: 'no' }), word('deployed', 2)])).toMatchObject({
      state: 'failed',
      log: 'no',
    });
    expect(heard([word('deployed', 1), word('failed', 2, { log: 'no' })])).toMatchObject({
      state: 'failed',
      log: 'no',
    });
  });

  it('is not told of again by the same word', () => {
    const once = heard([word('started', 0)]);
    expect(hear(once, word('started', 0), placed)).toBeNull();
    expect(hear(once, word('started', 5), placed)).toBeNull();
  });

  it('learns what was not known', () => {
    expect(heard([word('started', 0), word('started', 1, { environment: 'production' })])).toMatchObject({
      environment: 'production',
      version: 2,
    });
  });

  it('ends in the same state in whatever order it is told', () => {
    const words = [word('started', 0), word('deployed', 2), word('failed', 3)];
    fc.assert(
      fc.property(fc.shuffledSubarray([...words, ...words], { minLength: 6, maxLength: 6 }), (told) => {
        const { version: _, ...end } = heard(told)!;
        const { version: __, ...expected } = heard(words)!;
        expect(end).toEqual(expected);
      }),
    );
  });
});

describe('the products of a release', () => {
  const lugha = aProduct({ id: 'lugha', repository: 'https://github.com/Acme/Lugha' });
  const kuhama = aProduct({ id: 'kuhama', repository: 'https://github.com/acme/kuhama' });
  const idsOf = (changes: Partial<ReleaseWord>, products = [lugha, kuhama]): string[] =>
    releasedBy(word('started', 0, changes), products).map(({ id }) => id);

  it('are those of its repository, however that is written', () => {
    expect(idsOf({})).toEqual(['lugha']);
    expect(idsOf({ repository: 'https://github.com/acme/other' })).toEqual([]);
    expect(idsOf({ repository: null })).toEqual([]);
  });

  it('are the one that the sender names', () => {
    expect(idsOf({ productId: 'kuhama' })).toEqual(['kuhama']);
    expect(idsOf({ productId: 'nobody' })).toEqual([]);
  });

  it('are not those that are off', () => {
    expect(idsOf({}, [{ ...lugha, active: false }])).toEqual([]);
  });

  it('are all that share a repository, unless the environment names one', () => {
    const shared = [lugha, { ...kuhama, repository: lugha.repository }];
    expect(idsOf({}, shared)).toEqual(['lugha', 'kuhama']);
    expect(idsOf({ environment: 'kuhama-production' }, shared)).toEqual(['kuhama']);
  });
});
