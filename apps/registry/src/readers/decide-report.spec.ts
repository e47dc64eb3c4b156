import { decideReport, MOST_AN_HOUR, QUIET_MS } from './decide-report';

const now = new Date('2026-11-21T12:00:00.000Z');
const closed = (ageMs: number) => ({ open: false, openedAt: new Date(now.getTime() - ageMs) });

describe('a report of a reader', () => {
  it('asks the owner when nobody has asked yet, or a day ago', () => {
    expect(decideReport({ lately: 0, review: null }, now)).toBe('ask');
    expect(decideReport({ lately: 0, review: closed(QUIET_MS - 1) }, now)).toBe('keep');
    expect(decideReport({ lately: 0, review: closed(QUIET_MS) }, now)).toBe('ask');
  });

  it('is only kept while the owner is asked already, however long', () => {
    expect(decideReport({ lately: 0, review: { ...closed(100 * QUIET_MS), open: true } }, now)).toBe('keep');
  });

  it('is refused when there are too many in an hour', () => {
    expect(decideReport({ lately: MOST_AN_HOUR - 1, review: null }, now)).toBe('ask');
    expect(decideReport({ lately: MOST_AN_HOUR, review: null }, now)).toBe('refuse');
  });
});
