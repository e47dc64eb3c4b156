import fc from 'fast-check';
import { nextNoticeAt, parseAskHours, type AskHours, type NoticeQuestion } from './asking';
import { DAY_MS, toInstant, toWallTime, weekdayOf, type Weekday } from './zoned-time';

const hoursOf = (text: string): AskHours => {
  const parsed = parseAskHours(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.hours;
};
const week: NoticeQuestion = {
  now: new Date(0),
  zone: 'Europe/Berlin',
  hours: hoursOf('mon-fri 09:00-17:00'),
  lastNoticeAt: null,
  outstanding: false,
};
const next = (now: string, rest: Partial<NoticeQuestion> = {}): string =>
  nextNoticeAt({ ...week, now: new Date(now), ...rest }).toISOString();

describe('parseAskHours', () => {
  it.each([
    ['always', 'always'],
    [' ALWAYS ', 'always'],
    ['mon-fri 09:00-17:00', { weekdays: [1, 2, 3, 4, 5], from: 540, to: 1020 }],
    ['mon,wed 08:30-12:00', { weekdays: [1, 3], from: 510, to: 720 }],
    ['mon-sun 00:00-24:00', { weekdays: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1440 }],
    ['Sat  9:00-9:01', { weekdays: [6], from: 540, to: 541 }],
    ['fri-mon 10:00-11:00', { weekdays: [1, 5, 6, 7], from: 600, to: 660 }],
    ['wed,mon-tue,mon 10:00-11:00', { weekdays: [1, 2, 3], from: 600, to: 660 }],
  ])('reads %j', (text, hours) => {
    expect(parseAskHours(text)).toEqual({ ok: true, hours });
  });

  it.each([
    ['', /not days and hours/],
    ['mon-fri', /not days and hours/],
    ['09:00-17:00', /not days and hours/],
    ['mon - fri 09:00-17:00', /not days and hours/],
    ['always 09:00-17:00', /"always" is not days/],
    ['monday 09:00-17:00', /"monday" is not days of the week \(mon, tue/],
    ['mon-tue-wed 09:00-17:00', /not days/],
    ['mon,, 09:00-17:00', /not days/],
    ['mon- 09:00-17:00', /not days/],
    ['mon 9-17', /not a span of hours/],
    ['mon 09:60-17:00', /not a span of hours/],
    ['mon 09:00-24:01', /not a span of hours/],
    ['mon 09:00-17:00-18:00', /not a span of hours/],
    ['mon 09:00', /not a span of hours/],
    ['mon 09:00-09:00', /does not end after it begins/],
    ['mon 22:00-06:00', /does not end after it begins/],
  ])('refuses %j and gives an example', (text, why) => {
    const parsed = parseAskHours(text);
    expect(parsed.ok ? '' : parsed.reason).toMatch(why);
    expect(parsed.ok ? '' : parsed.reason).toMatch(/such as "mon-fri 09:00-17:00"/);
  });

  it('answers any text at all', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseAskHours(text).ok).toBe(text.trim().toLowerCase() === 'always');
      }),
    );
  });
});

// 20 July 2026 is a Monday; Berlin is two hours ahead of UTC.
describe('asking in working hours', () => {
  it.each([
    ['just before they begin: at their beginning', '2026-07-20T06:59:59.999Z', '2026-07-20T07:00:00.000Z'],
    ['when they begin: now', '2026-07-20T07:00:00.000Z', '2026-07-20T07:00:00.000Z'],
    ['in the middle: now', '2026-07-20T10:20:30.400Z', '2026-07-20T10:20:30.400Z'],
    ['just before they end: now', '2026-07-20T14:59:59.999Z', '2026-07-20T14:59:59.999Z'],
    ['when they end: tomorrow', '2026-07-20T15:00:00.000Z', '2026-07-21T07:00:00.000Z'],
    ['on Friday evening: on Monday', '2026-07-24T15:00:00.000Z', '2026-07-27T07:00:00.000Z'],
    ['in the last moment of Sunday: on Monday', '2026-07-26T21:59:59.999Z', '2026-07-27T07:00:00.000Z'],
    ['in the night after Sunday: the same morning', '2026-07-26T22:00:00.000Z', '2026-07-27T07:00:00.000Z'],
  ])('happens %s', (_when, now, at) => {
    expect(next(now)).toBe(at);
  });

  it('happens once a local day', () => {
    const lastNoticeAt = new Date('2026-07-20T07:00:00Z');
    expect(next('2026-07-20T07:00:00.000Z', { lastNoticeAt })).toBe('2026-07-21T07:00:00.000Z');
    expect(next('2026-07-20T12:00:00.000Z', { lastNoticeAt })).toBe('2026-07-21T07:00:00.000Z');
    expect(next('2026-07-21T07:00:00.000Z', { lastNoticeAt })).toBe('2026-07-21T07:00:00.000Z');
    expect(next('2026-07-24T09:00:00.000Z', { lastNoticeAt: new Date('2026-07-24T08:00Z') })).toBe(
      '2026-07-27T07:00:00.000Z',
    );
  });

  it('counts the day where the person is, not in UTC', () => {
    const allDay = { hours: hoursOf('mon-sun 00:00-24:00') };
    const lastNoticeAt = new Date('2026-07-20T21:59:59.999Z');
    expect(next('2026-07-20T22:00:00.000Z', { ...allDay, lastNoticeAt })).toBe('2026-07-20T22:00:00.000Z');
    expect(next('2026-07-20T21:59:59.999Z', { ...allDay, lastNoticeAt })).toBe('2026-07-20T22:00:00.000Z');
    expect(next('2026-07-20T21:59:59.999Z', { ...allDay, lastNoticeAt: new Date('2026-07-20T22:00Z') })).toBe(
      '2026-07-21T22:00:00.000Z',
    );
  });

  it('does not wait for the answer to the last notice', () => {
    const lastNoticeAt = new Date('2026-07-20T14:00:00Z');
    expect(next('2026-07-21T07:00:00.000Z', { lastNoticeAt, outstanding: true })).toBe('2026-07-21T07:00:00.000Z');
  });

  it('goes over the end of a month and of a year', () => {
    expect(next('2026-12-31T16:00:00.000Z', { hours: hoursOf('mon 09:00-10:00') })).toBe('2027-01-04T08:00:00.000Z');
    expect(next('2026-12-31T09:00:00.000Z', { lastNoticeAt: new Date('2026-12-31T08:00Z') })).toBe(
      '2027-01-01T08:00:00.000Z',
    );
  });

  it('begins when the clock says so on the days it changes', () => {
    const hours = hoursOf('sun 09:00-17:00');
    expect(next('2026-03-28T12:00:00.000Z', { hours })).toBe('2026-03-29T07:00:00.000Z');
    expect(next('2026-10-24T12:00:00.000Z', { hours })).toBe('2026-10-25T08:00:00.000Z');
    expect(next('2026-10-03T00:00:00.000Z', { hours, zone: 'Australia/Sydney' })).toBe('2026-10-03T22:00:00.000Z');
  });

  it('begins with the first minute the clock shows when it leaves the beginning out', () => {
    const at = (span: string): string => next('2026-03-28T12:00:00.000Z', { hours: hoursOf(`sun ${span}`) });
    expect(at('02:30-03:10')).toBe('2026-03-29T01:00:00.000Z');
    expect(at('02:00-03:00')).toBe('2026-04-05T00:00:00.000Z');
    expect(at('01:00-02:30')).toBe('2026-03-29T00:00:00.000Z');
  });

  it('counts an hour that is repeated both times', () => {
    const hours = hoursOf('sun 02:00-03:00');
    expect(next('2026-10-25T00:30:00.000Z', { hours })).toBe('2026-10-25T00:30:00.000Z');
    expect(next('2026-10-25T01:30:00.000Z', { hours })).toBe('2026-10-25T01:30:00.000Z');
  });

  it('takes no other day for one that the zone left out', () => {
    const question = { hours: hoursOf('fri 09:00-17:00'), zone: 'Pacific/Apia' };
    expect(next('2011-12-29T20:00:00.000Z', question)).toBe('2012-01-05T19:00:00.000Z');
  });

  it('refuses hours that never come', () => {
    expect(() => next('2026-07-20T07:00Z', { hours: { weekdays: [], from: 0, to: 1440 } })).toThrow(RangeError);
    expect(() => next('2026-07-20T07:00Z', { hours: { weekdays: [1], from: 600, to: 600 } })).toThrow(RangeError);
  });

  it('agrees in every zone with a search through every minute', () => {
    const days = fc.subarray<Weekday>([1, 2, 3, 4, 5, 6, 7], { minLength: 1 });
    const span = fc.tuple(fc.nat({ max: 1438 }), fc.nat({ max: 1440 })).filter(([from, to]) => from < to);
    const minutes = fc.integer({ min: Date.UTC(2000, 0) / 60_000, max: Date.UTC(2040, 0) / 60_000 });
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const ago = fc.option(fc.nat({ max: 3000 }));
    fc.assert(
      fc.property(minutes, zones, days, span, ago, (start, zone, weekdays, [from, to], lastAgo) => {
        const lastNoticeAt = lastAgo === null ? null : new Date((start - lastAgo) * 60_000);
        const dayOf = (at: Date): string => JSON.stringify({ ...toWallTime(at, zone), hour: 0, minute: 0, second: 0 });
        const lastDay = lastNoticeAt && dayOf(lastNoticeAt);
        const allowed = (at: Date): boolean => {
          const wall = toWallTime(at, zone);
          const minute = wall.hour * 60 + wall.minute;
          return weekdays.includes(weekdayOf(wall)) && minute >= from && minute < to && dayOf(at) !== lastDay;
        };
        const found = nextNoticeAt({
          now: new Date(start * 60_000),
          zone,
          hours: { weekdays, from, to },
          lastNoticeAt,
          outstanding: true,
        });
        expect(allowed(found)).toBe(true);
        for (let at = new Date(start * 60_000); at < found; at = new Date(at.getTime() + 60_000)) {
          const isFirstPass = toInstant(toWallTime(at, zone), zone).getTime() === at.getTime();
          if (isFirstPass && allowed(at)) throw new Error(`${at.toISOString()} is earlier than ${found.toISOString()}`);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('asking always', () => {
  const hours = 'always';
  const now = '2026-07-25T01:00:00.000Z';

  it('happens now: at night, on Saturday, a second time on the same day', () => {
    expect(next(now, { hours })).toBe(now);
    expect(next(now, { hours, lastNoticeAt: new Date('2026-07-25T00:59:59.999Z') })).toBe(now);
    expect(next(now, { hours, outstanding: true })).toBe(now);
  });

  it.each([
    ['just before', '2026-07-26T00:59:59.999Z', '2026-07-26T01:00:00.000Z'],
    ['at', '2026-07-26T01:00:00.000Z', '2026-07-26T01:00:00.000Z'],
    ['just after', '2026-07-26T01:00:00.001Z', '2026-07-26T01:00:00.001Z'],
    ['at the beginning of', '2026-07-25T01:00:00.000Z', '2026-07-26T01:00:00.000Z'],
  ])('waits 24 hours for an open question: %s', (_when, at, expected) => {
    expect(next(at, { hours, lastNoticeAt: new Date(now), outstanding: true })).toBe(expected);
  });

  it('counts 24 hours of time, not a day of the calendar, when the clock changes', () => {
    const lastNoticeAt = new Date('2026-10-24T12:00:00Z');
    const expected = new Date(lastNoticeAt.getTime() + DAY_MS).toISOString();
    expect(next('2026-10-24T13:00:00.000Z', { hours, lastNoticeAt, outstanding: true })).toBe(expected);
  });
});
