import { faultOfJson } from './body-shape';

const nested = (depth: number): Buffer => Buffer.from('['.repeat(depth) + ']'.repeat(depth));

describe('the shape of a body', () => {
  it('is too deep from the 65th level on', () => {
    expect(faultOfJson(nested(63))).toBeNull();
    expect(faultOfJson(nested(64))).toBeNull();
    expect(faultOfJson(nested(65))).toContain('64 levels');
    expect(faultOfJson(Buffer.from('{"a":'.repeat(65) + '1' + '}'.repeat(65)))).toContain('64 levels');
  });

  it.each([
    ['nothing', '', 'empty'],
    ['half of it', '{"a":', 'not JSON'],
    ['a form', 'a=1&b=2', 'not JSON'],
    ['two of them', '{}{}', 'not JSON'],
  ])('says what is wrong with %s', (_, body, sentence) => {
    expect(faultOfJson(Buffer.from(body))).toContain(sentence);
  });
});
