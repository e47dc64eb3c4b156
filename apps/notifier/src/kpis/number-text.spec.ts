import fc from 'fast-check';
import { numberText, percentText, signedText, withUnit } from './number-text';

describe('numbers as people read them', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [12, '12'],
    [8.5, '8.5'],
    [0.1 + 0.2, '0.3'],
    [1234.567, '1,234.57'],
    [9999.994, '9,999.99'],
    [10_000.4, '10,000'],
    [1_234_567, '1,234,567'],
    [-4.25, '−4.25'],
    [0.001234, '0.00123'],
    [0.9999, '1'],
    [0.000001, '0.000001'],
    [0.0000009, '0'],
    [-1e-300, '0'],
    [999_999_999_999, '999,999,999,999'],
    [1e12, '1 trillion'],
    [2.5e15, '2,500 trillion'],
    [-1e308, '−over 1,000,000 trillion'],
    [Number.NaN, 'unknown'],
    [Infinity, 'unknown'],
  ])('%d is %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });

  it('never shows an exponent or what is no number, and is never long', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (value, base) => {
        for (const text of [numberText(value), signedText(value), percentText(value, base) ?? '']) {
          expect(text).not.toMatch(/\de|NaN|Infinity|∞/);
          expect(text.length).toBeLessThan(30);
        }
      }),
    );
  });

  it('signs a change, unless it is nothing', () => {
    expect([3, -3, 0, 1e-9].map(signedText)).toEqual(['+3', '−3', '0', '0']);
  });

  it.each([
    [12, 9, '+33%'],
    [9, 12, '−25%'],
    [101, 100, '+1%'],
    [105.5, 100, '+5.5%'],
    [100.004, 100, null],
    [100.02, 100, '+0.02%'],
    [0, 9, '−100%'],
    [9, 0, null],
    [9, -3, null],
    [99.9, 1, '+9,890%'],
    [101, 1, null],
    [Number.NaN, 1, null],
  ])('from %d on the change of %d is %s', (value, base, text) => {
    expect(percentText(value, base)).toBe(text);
  });

  it('puts a unit behind', () => {
    expect([withUnit('3', null), withUnit('3', ''), withUnit('3', '%'), withUnit('3', 'EUR')]).toEqual([
      ...['3', '3', '3%', '3 EUR'],
    ]);
  });
});
