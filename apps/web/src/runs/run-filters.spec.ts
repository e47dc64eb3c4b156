import { runFiltersOf, tookText } from './run-filters';

describe('the filters of runs', () => {
  it('are what makes sense in the address', () => {
    const of = (text: string) => runFiltersOf(new URLSearchParams(text));
    expect(of('state=failed&name=sentry&q=%20disk')).toEqual({ state: 'failed', name: 'sentry', q: 'disk' });
    expect(of('state=odd&name=&q=')).toEqual({});
  });
});

describe('how long something took', () => {
  it.each([
    [0.4, '< 1 ms'],
    [1, '1 ms'],
    [999.4, '999 ms'],
    [1_000, '1.0 s'],
    [12_345, '12.3 s'],
  ])('is %d ms: %s', (ms, text) => {
    expect(tookText(ms)).toBe(text);
  });
});
