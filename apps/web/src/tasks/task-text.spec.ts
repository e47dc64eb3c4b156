import { taskFiltersOf } from './task-filters';
import { expectedText, reportCommand, triggerText } from './task-text';

describe('a task in words', () => {
  it.each([
    [{ event: 'kpi.received' }, 'when kpi.received is said'],
    [{ webhook: '/hooks/x' }, 'by its webhook'],
    [{ hand: true as const }, 'by hand'],
    [{ every: 'P1D' }, 'every P1D'],
    [{ cron: '0 3 * * *', timezone: 'Europe/Berlin' }, 'at 0 3 * * * (Europe/Berlin)'],
  ])('runs %j', (trigger, text) => {
    expect(triggerText({ trigger })).toBe(text);
  });

  it('is expected at a time, or at none', () => {
    expect(expectedText({ rhythm: { every: 'P1D' }, grace: 'PT1H' })).toBe('every P1D, with a grace of PT1H');
    expect(expectedText({ rhythm: null, grace: 'PT1H' })).toBe('at no particular time');
  });

  it('reports by one command', () => {
    expect(reportCommand('https://r.example.org/hooks/tasks/x', null)).toContain('Bearer $RECERT_TASK_TOKEN');
    expect(reportCommand('https://r.example.org/hooks/tasks/x', 't')).toContain(
      "'https://r.example.org/hooks/tasks/x?status=success'",
    );
  });
});

describe('the filters of tasks', () => {
  it('are what makes sense in the address', () => {
    const of = (text: string) => taskFiltersOf(new URLSearchParams(text));
    expect(of('state=down&service=outside&q=%20back')).toEqual({ state: 'down', service: 'outside', q: 'back' });
    expect(of('state=odd&service=&x=1')).toEqual({});
  });
});
