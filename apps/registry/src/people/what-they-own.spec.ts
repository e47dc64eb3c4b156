import { countOwned, nameOwned } from './what-they-own';

const named = (...names: string[]) => ({ processes: names, products: [] });

describe('what somebody owns', () => {
  it.each([
    [{ processes: [], products: [] }, null],
    [{ processes: ['mix dough'], products: [] }, 'a process'],
    [{ processes: ['mix dough', 'fire oven'], products: ['Lugha'] }, '2 processes and a product'],
    [{ processes: [], products: ['Lugha', 'Shop'] }, '2 products'],
  ])('of %j is counted as %j', (owned, expected) => expect(countOwned(owned)).toBe(expected));

  it.each([
    [named('a'), 'a'],
    [named('a', 'b', 'c'), 'a, b and c'],
    [{ processes: ['a'], products: ['Lugha'] }, 'a and Lugha'],
    [named('a', 'b', 'c', 'd', 'e'), 'a, b, c, d and e'],
    [named('a', 'b', 'c', 'd', 'e', 'f'), 'a, b, c, d, e and 1 more'],
  ])('of %j is named as %s', (owned, expected) => expect(nameOwned(owned)).toBe(expected));
});
