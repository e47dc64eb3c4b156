import { storable, unstorableIn } from './storable-text';

const found = (data: unknown): string | null => unstorableIn(data, JSON.stringify(data));

describe('text that a database column takes', () => {
  it.each([
    ['nothing unusual', { name: 'ü 🙂 \n', list: [1, null, true] }],
    ['a backslash before u0000', { name: '\\u0000' }],
    ['a surrogate pair that is whole', JSON.parse('{"name":"\\ud83d\\ude42"}') as unknown],
  ])('is %s', (_, data) => {
    expect(found(data)).toBeNull();
  });

  it.each([
    ['a NUL', { a: { b: ['x', 'y\u0000'] } }, 'a.b.1: a NUL character, which no database column takes'],
    ['half a surrogate pair', { a: '\ud800' }, 'a: half a surrogate pair, which no database column takes'],
    ['a NUL alone', '\u0000', 'data: a NUL character, which no database column takes'],
    ['a NUL in a name', { 'a\u0000': 1 }, "a field's name in data has a NUL character, which no database column takes"],
  ])('is not %s, and the place is named', (_, data, sentence) => {
    expect(found(data)).toBe(sentence);
  });

  it('is looked for without recursion', () => {
    let data: unknown = '\u0000';
    for (let depth = 0; depth < 100_000; depth += 1) data = [data];
    expect(unstorableIn(data, '\\u0000')).toContain('a NUL character');
  });

  it('is made of any other, no longer than asked for', () => {
    expect(storable('a\u0000b\ud800', 100)).toBe('a\uFFFDb\uFFFD');
    expect(storable('abc', 2)).toBe('ab');
    expect(storable('a🙂', 2)).toBe('a\uFFFD');
  });
});
