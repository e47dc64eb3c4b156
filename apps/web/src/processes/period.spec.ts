import { periodText } from './period';

describe('a period in words', () => {
  it.each([
    ['P1Y', 'every year'],
    ['P3M', 'every 3 months'],
    ['P2W', 'every 2 weeks'],
    ['P90D', 'every 90 days'],
    ['PT1H', 'PT1H'],
    ['P1Y6M', 'P1Y6M'],
  ])('%s is %s', (iso, words) => expect(periodText(iso)).toBe(words));
});
