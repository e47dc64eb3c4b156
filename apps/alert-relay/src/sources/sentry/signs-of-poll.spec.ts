import { type AlertStatus } from '@recert/contracts';
import { type Fields } from '../fields';
import { issueOf, outageOf } from './sentry-examples';
import { mayHaveNews, type Polled, signsOfPoll } from './signs-of-poll';

const ASKED = new Date('2026-11-21T10:00:00.000Z');
const SINCE = new Date('2026-11-21T09:12:00.500Z');
const polled = (changes: Partial<Polled>): Polled => ({
  ...{ askedAt: ASKED, since: SINCE, unresolved: [], ours: [], open: new Map() },
  ...changes,
});
const open = (key: string, status: AlertStatus = 'firing'): Polled['open'] => new Map([[key, status]]);
const statuses = (changes: Partial<Polled>) =>
  signsOfPoll(polled(changes)).map(({ key, status }) => `${key} ${status}`);

describe('what Sentry shows when it is asked', () => {
  it('ends what has recovered over there, at the time of asking', () => {
    const ours = [outageOf({ status: 'resolved' })];
    expect(signsOfPoll(polled({ ours, open: open('4300') }))).toMatchObject([
      { key: '4300', status: 'resolved', at: ASKED },
    ]);
  });

  it('leaves what goes on', () => {
    expect(statuses({ ours: [outageOf()], unresolved: [outageOf()], open: open('4300') })).toEqual([]);
  });

  it('snoozes once what was archived over there', () => {
    const ours = [issueOf({ status: 'ignored' })];
    expect(statuses({ ours, open: open('4200') })).toEqual(['4200 snoozed']);
    expect(statuses({ ours, open: open('4200', 'snoozed') })).toEqual([]);
  });

  it('begins what nobody told of, from when it was last seen', () => {
    const [sign] = signsOfPoll(polled({ unresolved: [outageOf({ lastSeen: '2026-11-21T09:30:00Z' })] }));
    expect(sign).toMatchObject({ key: '4300', status: 'firing', at: new Date('2026-11-21T09:30:00Z') });
  });

  it.each([
    ['just before', '2026-11-21T09:12:00.499Z', []],
    ['at', '2026-11-21T09:12:00.500Z', ['4300 firing']],
    ['just after', '2026-11-21T09:12:00.501Z', ['4300 firing']],
  ])('takes what was seen %s the time of the poll before from there on', (_when, lastSeen, expected) => {
    expect(statuses({ unresolved: [outageOf({ lastSeen })] })).toEqual(expected);
  });

  it.each([
    ['new', ['4200 firing']],
    ['regressed', ['4200 firing']],
    ['escalating', ['4200 firing']],
    ['ongoing', []],
  ])('takes an error that is %s as news or not', (substatus, expected) => {
    expect(statuses({ unresolved: [issueOf({ substatus })] })).toEqual(expected);
  });

  it('takes an error of an older Sentry as news when it was first seen since', () => {
    const seen = (firstSeen: string) => statuses({ unresolved: [issueOf({ substatus: undefined, firstSeen })] });
    expect(seen('2026-11-21T09:12:00.500Z')).toEqual(['4200 firing']);
    expect(seen('2026-11-21T09:12:00.499Z')).toEqual([]);
  });

  it('takes only outages the first time, however old, and of uptime and cron monitors', () => {
    const cron = issueOf({ id: '4400', issueType: 'monitor_check_in_failure', issueCategory: 'outage' });
    expect(statuses({ since: null, unresolved: [issueOf(), outageOf(), cron] })).toEqual([
      '4300 firing',
      '4400 firing',
    ]);
  });

  it('reads on only as long as there may be news', () => {
    const page = (lastSeen: unknown): Fields[] => [issueOf(), issueOf({ lastSeen })];
    expect(mayHaveNews(page('2026-11-21T09:12:00.499Z'), SINCE)).toBe(false);
    expect(mayHaveNews(page('2026-11-21T09:12:00.500Z'), SINCE)).toBe(true);
    expect(mayHaveNews(page('2020-01-01T00:00:00Z'), null)).toBe(true);
  });
});
