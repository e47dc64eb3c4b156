import * as fc from 'fast-check';
import { NOT_JSON, scanJson, TOO_DEEP } from './json-scan';

const scan = (text: string, deepest = 64): number => scanJson(Buffer.from(text), deepest);

function parses(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** Spaces where they may stand. */
const spaced = fc.constantFrom(undefined, 1, '\t', '\n');
/** What is nearly JSON is made of these. */
const crumbs = fc.array(
  fc.constantFrom(...'[]{}:,"\\/ \n0123.eE+-uabfnrt', 'true', 'null', '"a"', '\\u00e9', '\u0001', 'ü', '\ud800'),
  { maxLength: 12 },
);

describe('a walk over JSON', () => {
  it('comes to the end of whatever JSON there is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), spaced, (value, space) => {
        const body = Buffer.from(` ${JSON.stringify(value, null, space)}\r\n`);
        expect(scanJson(body, 64)).toBe(body.length);
      }),
    );
  });

  it('takes no text that the parser does not take, and the other way round', () => {
    fc.assert(
      fc.property(crumbs, (parts) => {
        const body = Buffer.from(parts.join(''));
        expect([body.toString(), scanJson(body, 64) >= 0]).toEqual([body.toString(), parses(body)]);
      }),
      { numRuns: 5_000 },
    );
  });

  it('agrees with the parser on JSON of which one byte was changed, lost or put in', () => {
    const change = fc.constantFrom('change', 'lose', 'put in');
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), fc.integer({ min: 0, max: 255 }), change, (value, place, byte, how) => {
        const whole = Buffer.from(JSON.stringify(value));
        const at = place % whole.length;
        const [before, after] = [whole.subarray(0, at), whole.subarray(how === 'put in' ? at : at + 1)];
        const body = Buffer.concat([before, Buffer.from(how === 'lose' ? [] : [byte]), after]);
        expect([body.toString(), scanJson(body, 64) >= 0]).toEqual([body.toString(), parses(body)]);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each(['0', '-0', '10.5e-3', '1E+2', '"\\u00e9\\n"', 'true', 'false', 'null', '{}', '[]'])('takes %s', (text) => {
    expect(scan(text)).toBe(text.length);
  });

  it.each([
    '',
    ' ',
    '01',
    '-',
    '1.',
    '.5',
    '1e',
    '+1',
    '"\\x"',
    '"\\u12g4"',
    '"',
    '"\t"',
    '[1,]',
    '{"a"}',
    'nul',
    '1 2',
  ])('does not take %j', (text) => {
    expect(scan(text)).toBe(NOT_JSON);
  });

  it('counts levels as they stand within each other', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const depthOf = (each: unknown): number =>
          typeof each === 'object' && each !== null
            ? 1 + Math.max(0, ...Object.values(each as Record<string, unknown>).map(depthOf))
            : 0;
        const [text, depth] = [JSON.stringify(value), depthOf(value)];
        expect(scan(text, depth)).toBeGreaterThan(0);
        if (depth > 0) expect(scan(text, depth - 1)).toBe(TOO_DEEP);
      }),
    );
  });

  it('goes no deeper than it may, however deep a body is', () => {
    expect(scanJson(Buffer.alloc(1_000_000, '['), 64)).toBe(TOO_DEEP);
    expect(scanJson(Buffer.alloc(1_000_000, '{"a":'), 64)).toBe(TOO_DEEP);
  });

  it('does not count brackets within texts', () => {
    expect(scan(JSON.stringify({ text: '['.repeat(500), quoted: '\\"[{'.repeat(100) }), 1)).toBeGreaterThan(0);
  });
});
