import { DEFAULT_DUE_BY, parseDueBy } from './product-week';

describe('when the KPIs of a week are due', () => {
  it.each([
    ['mon', 'mon 12:00'],
    ['Monday', 'mon 12:00'],
    ['mon 9:00', 'mon 09:00'],
    ['TUE 17:30', 'tue 17:30'],
    ['  wednesday   08:05 ', 'wed 08:05'],
    ['Thurs 0:00', 'thu 00:00'],
    ['FRIDAY 23:59', 'fri 23:59'],
    ['saturday', 'sat 12:00'],
    ['Sun 12:00', 'sun 12:00'],
    [DEFAULT_DUE_BY, DEFAULT_DUE_BY],
  ])('is read of "%s" as %s', (text, dueBy) => {
    expect(parseDueBy(text)).toEqual({ ok: true, dueBy });
  });

  it.each([
    ...[
      '',
      '   ',
      '12:00',
      'm',
      'mo',
      'mondays',
      'mon 24:00',
      'mon 12:60',
      'mon 9',
      'mon 9:5',
      'mon 9:000',
      'mon12:00',
    ],
    ...['mon, 9:00', 'mon tue', 'constructor', 'mon 9:00 pm', 'mon -1:00'],
  ])('is not read of "%s"', (text) => {
    expect(parseDueBy(text)).toEqual({
      ok: false,
      reason: `"${text}" is no day and time: write for example mon 12:00`,
    });
  });
});
