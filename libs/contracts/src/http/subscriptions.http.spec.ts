import { allEvents } from '../events/index';
import { faultOfSubjects, patternsOf, subjectsOf, subscribableEvent } from './subscriptions.http';

/** Each new family of events is put here, or made subscribable, by somebody who has thought of its secrets. */
const INSIDE = ['person', 'login', 'session', 'token', 'run', 'letter', 'subscription', 'bus'];
const familyOf = (subject: string): string => subject.split('.')[0]!;

describe('what may be sent outside', () => {
  it.each(allEvents.map(({ subject }) => [subject]))('of %s is decided', (subject) => {
    expect(subscribableEvent(subject) === null).toBe(INSIDE.includes(familyOf(subject)));
  });

  it('is what outside systems say, under any word of theirs', () => {
    expect(subscribableEvent('outside.bill-paid')).toMatchObject({ subject: 'outside.bill-paid' });
    for (const subject of ['outside.', 'outside.A', 'outside.a.b', 'outside.*', 'nothing', '', '*'])
      expect(subscribableEvent(subject)).toBeNull();
  });
});

describe('the subjects of a subscription', () => {
  it('are one, or all of a family', () => {
    expect(subjectsOf('kpi.received', [])).toEqual(['kpi.received']);
    expect(subjectsOf('kpi.*', [])).toEqual(['kpi.received', 'kpi.missed']);
    expect(subjectsOf('outside.*', ['outside.a', 'outside.b'])).toEqual(['outside.a', 'outside.b']);
    expect(subjectsOf('outside.a', [])).toEqual(['outside.a']);
    expect(subjectsOf('kpi.*', ['outside.a'])).not.toContain('outside.a');
    for (const pattern of ['token.*', 'person.changed', '*', 'kpi.', 'kpi', '.*', 'outside.a.*'])
      expect(subjectsOf(pattern, ['outside.a'])).toEqual([]);
  });

  it('are found by both of their names', () => {
    expect(patternsOf('alert.raised')).toEqual(['alert.raised', 'alert.*']);
    expect(subjectsOf(patternsOf('alert.raised')[1], [])).toContain('alert.raised');
  });

  it('are refused when one of them is not possible, with those that are', () => {
    expect(faultOfSubjects(['kpi.received', 'alert.*', 'outside.*', 'outside.a'])).toBeNull();
    const fault = faultOfSubjects(['kpi.received', 'session.changed'])!;
    expect(fault).toMatch(/^"session.changed" cannot be subscribed to; possible are process.registered, /);
    for (const possible of ['release.reported', 'task.down', 'alert.*', 'outside.*']) expect(fault).toContain(possible);
    for (const family of INSIDE) expect(fault.replace('"session.changed"', '')).not.toContain(`${family}.`);
  });
});
