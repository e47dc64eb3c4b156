import { aProcess, certification, now, rules, states } from '../fixtures/a-process';
import { type Process } from './process';
import { withNextDue } from './process-calendar';

const nextDue = (facts: Partial<Process>): string | undefined =>
  withNextDue(aProcess(facts), rules.calendar).nextDueAt?.toISOString();

describe('the next review of a process', () => {
  it('is one period after its certification, on the calendar of the organisation', () => {
    const state = { ...states.certified, certification: { ...certification, at: new Date('2026-09-30T08:00:00Z') } };
    // Berlin has left summer time by then: ten in the morning stays ten in the morning.
    expect(nextDue({ state, triggerPeriod: 'P6M' })).toBe('2027-03-30T08:00:00.000Z');
    expect(nextDue({ state, triggerPeriod: 'P1M' })).toBe('2026-10-30T09:00:00.000Z');
  });

  it('lies in the past where the period was made shorter than what is over', () => {
    expect(nextDue({ state: states.certified, triggerPeriod: 'P1D' })).toBe('2026-05-02T10:00:00.000Z');
  });

  it('is soon for a new process, and as soon as its own period where that is shorter', () => {
    expect(nextDue({ triggerPeriod: 'P1Y' })).toBe('2026-11-20T09:05:00.000Z');
    expect(nextDue({ triggerPeriod: 'PT5M' })).toBe('2026-11-20T09:05:00.000Z');
    expect(nextDue({ triggerPeriod: 'PT4M' })).toBe('2026-11-20T09:04:00.000Z');
  });

  it('counts from when the record came, not from when its name was first seen', () => {
    const documentedAt = new Date(now.getTime() + 3_600_000);
    expect(nextDue({ documentedAt })).toBe('2026-11-20T10:05:00.000Z');
  });

  it('does not come while it is asked about, being updated, retired, or not written down', () => {
    expect(nextDue({ state: states.due })).toBeUndefined();
    expect(nextDue({ state: states.overdue })).toBeUndefined();
    expect(nextDue({ state: states.updating })).toBeUndefined();
    expect(nextDue({ state: { ...states.updating, review: null } })).toBeUndefined();
    expect(nextDue({ state: states.retired })).toBeUndefined();
    expect(nextDue({ documented: false, documentedAt: null })).toBeUndefined();
  });
});
