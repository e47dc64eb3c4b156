import { dayAndTime, dayText, weekNumber, weekWithDays } from './week-text';

describe('weeks as people read them', () => {
  it.each([
    ['2026-W47', 'week 47 (16 to 22 November 2026)'],
    ['2026-W49', 'week 49 (30 November to 6 December 2026)'],
    ['2026-W01', 'week 1 (29 December 2025 to 4 January 2026)'],
    ['2026-W53', 'week 53 (28 December 2026 to 3 January 2027)'],
    ['2027-W01', 'week 1 (4 to 10 January 2027)'],
    ['2024-W09', 'week 9 (26 February to 3 March 2024)'],
  ])('%s is %s', (week, text) => {
    expect(weekWithDays(week)).toBe(text);
  });

  it('counts weeks from 1', () => {
    expect([weekNumber('2026-W01'), weekNumber('2026-W53')]).toEqual([1, 53]);
  });

  it('shows an instant as the clocks of the zone do', () => {
    const instant = new Date('2026-11-22T23:05:00Z');
    expect(dayAndTime(instant, 'Europe/Berlin')).toBe('Mon 23 November 00:05');
    expect(dayAndTime(instant, 'UTC')).toBe('Sun 22 November 23:05');
    expect(dayText(instant, 'America/New_York')).toBe('Sun 22 November');
  });
});
