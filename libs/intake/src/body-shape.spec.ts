import * as fc from 'fast-check';
import { faultOfJson, isTooDeep } from './body-shape';

const nested = (depth: number): Buffer => Buffer.from('['.repeat(depth) + ']'.repeat(depth));

describe('the shape of a body', () => {
  it('is too deep from the 65th level on', () => {
    expect(faultOfJson(nested(63))).toBeNull();
    expect(faultOfJson(nested(64))).toBeNull();
    expect(faultOfJson(nested(65))).toContain('64 levels');
    expect(faultOfJson(Buffer.from('{"a":'.repeat(65) + '1' + '}'.repeat(65)))).toContain('64 levels');
  });

  it('is measured without building it, however deep it is', () => {
    const began = performance.now();
    expect(isTooDeep(Buffer.alloc(1_000_000, '['))).toBe(true);
    expect(performance.now() - began).toBeLessThan(50);
  });

  it('does not count brackets within texts', () => {
    expect(isTooDeep(Buffer.from(JSON.stringify({ text: '['.repeat(500), quoted: '\\"[{'.repeat(100) })))).toBe(false);
  });

  it('counts what any JSON has, whatever is in its texts', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const depthOf = (each: unknown): number =>
          typeof each === 'object' && each !== null
            ? 1 + Math.max(0, ...Object.values(each as Record<string, unknown>).map(depthOf))
            : 0;
        const body = Buffer.from(JSON.stringify(value));
        const depth = depthOf(value);
        expect(isTooDeep(body, depth)).toBe(false);
        if (depth > 0) expect(isTooDeep(body, depth - 1)).toBe(true);
      }),
    );
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
