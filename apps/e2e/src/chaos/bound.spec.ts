import { describeBound, isWithin } from './bound';

describe('a bound', () => {
  it.each([
    [{ exactly: 3 }, [2, 3, 4], [false, true, false], '3'],
    [{ most: 3 }, [2, 3, 4], [true, true, false], 'at most 3'],
    [{ least: 3 }, [2, 3, 4], [false, true, true], 'at least 3'],
  ])('%j is kept just before, at and after as it says', (bound, figures, kept, said) => {
    expect(figures.map((figure) => isWithin(figure, bound))).toEqual(kept);
    expect(describeBound(bound)).toBe(said);
  });

  it.each([{ exactly: 0 }, { most: 0 }, { least: 0 }])('%j is not kept by what is no number', (bound) => {
    expect(isWithin(NaN, bound)).toBe(false);
  });
});
