import { addWeeks, isDue, lastWeek, standingOf, weeksUpTo, weekOf } from './week';

const day = (text: string): Date => new Date(`${text}T00:00:00.000Z`);
const at = (text: string): Date => new Date(text);

describe('the week of a day', () => {
  it.each([
    ['2026-11-15', '2026-W46'],
    ['2026-11-16', '2026-W47'],
    ['2026-01-01', '2026-W01'],
    ['2025-12-29', '2026-W01'],
    ['2025-12-28', '2025-W52'],
    ['2027-01-03', '2026-W53'],
    ['2027-01-04', '2027-W01'],
  ])('%s is in %s', (text, week) => expect(weekOf(day(text))).toBe(week));
});

describe('weeks', () => {
  it('are counted over the end of a year with 53 of them', () => {
    expect(weeksUpTo('2027-W01', 3)).toEqual(['2026-W52', '2026-W53', '2027-W01']);
    expect(addWeeks('2026-W53', 1)).toBe('2027-W01');
    expect(addWeeks('soon', 1)).toBe('soon');
  });

  it('end at midnight of the product’s own zone', () => {
    // Sunday evening in Lisbon is Monday morning in Tokyo.
    const now = at('2026-11-22T20:00:00.000Z');
    expect(lastWeek('Europe/Lisbon', now)).toBe('2026-W46');
    expect(lastWeek('Asia/Tokyo', now)).toBe('2026-W47');
    expect(lastWeek('No/Where', now)).toBe('2026-W46');
  });
});

describe('a deadline', () => {
  it.each([
    ['2026-11-23T10:59:00.000Z', false],
    ['2026-11-23T11:00:00.000Z', true],
    ['2026-11-29T22:59:00.000Z', true],
    ['2026-11-29T23:00:00.000Z', false],
  ])('of mon 12:00 in Berlin at %s is over: %s', (now, is) => {
    expect(isDue('mon 12:00', 'Europe/Berlin', at(now))).toBe(is);
  });

  it('that is none is never over', () => {
    expect(isDue('someday', 'UTC', new Date())).toBeNull();
    expect(isDue('xyz 12:00', 'UTC', new Date())).toBeNull();
  });
});

describe('the report of the week that ended last', () => {
  const week = { timezone: 'UTC', dueBy: 'tue 09:00' };
  const before = at('2026-11-24T08:59:00.000Z');
  const after = at('2026-11-24T09:00:00.000Z');

  it.each([
    ['2026-W47', after, 'reported'],
    ['2026-W48', after, 'reported'],
    ['2026-W46', before, 'awaited'],
    ['2026-W46', after, 'missing'],
    [null, before, 'unheard'],
    [null, after, 'unheard'],
  ])('with %s as the newest one at %s is %s', (newest, now, standing) => {
    expect(standingOf(week, newest, now)).toBe(standing);
  });
});
