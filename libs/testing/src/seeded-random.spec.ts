import { SeededRandom } from './seeded-random';

describe('seeded draws', () => {
  const drawn = (seed: number): unknown[] => {
    const random = new SeededRandom(seed);
    return [random.between(1, 6), random.one(['a', 'b', 'c']), random.shuffled([1, 2, 3, 4]), random.bytes(4)];
  };

  it('are the same for the same seed, and others for another one', () => {
    expect(drawn(7)).toEqual(drawn(7));
    expect(drawn(7)).not.toEqual(drawn(8));
  });

  it('reach both ends of what they are drawn from, and nothing beyond', () => {
    const random = new SeededRandom(1);
    const seen = new Set(Array.from({ length: 200 }, () => random.between(-1, 2)));
    expect([...seen].sort((a, b) => a - b)).toEqual([-1, 0, 1, 2]);
  });

  it('never come with a chance of 0, always with one of 1', () => {
    const random = new SeededRandom(1);
    const draws = (share: number) => Array.from({ length: 100 }, () => random.chance(share));
    expect([new Set(draws(0)), new Set(draws(1))]).toEqual([new Set([false]), new Set([true])]);
  });

  it('of a branch do not depend on what the others draw afterwards', () => {
    const [one, other] = [new SeededRandom(3), new SeededRandom(3)];
    const [branch, same] = [one.branch(), other.branch()];
    one.between(1, 100);
    expect(branch.bytes(8)).toEqual(same.bytes(8));
  });

  it('say when there is nothing to draw from', () => {
    expect(() => new SeededRandom(1).one([])).toThrow('nothing to draw from');
  });
});
