import { UserError } from '@recert/service-kit';
import { faultOfRhythm, graceMsOf, nextOf, timingOf } from './rhythm';

const BERLIN = 'Europe/Berlin';
const here = { hook: 'https://recert.example.org/hooks/tasks/x', zone: BERLIN };
const cron = (expression: string, timezone = BERLIN) => nextOf({ cron: expression, timezone }, 'UTC');
const every = (period: string) => nextOf({ every: period }, BERLIN);
const at = (next: (after: Date) => Date | null, after: string): string | undefined =>
  next(new Date(after))?.toISOString();

/** The fields that are complained about. */
function faults(work: () => unknown): (string | undefined)[] {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return (error.errors ?? []).map(({ field }) => field);
  }
  return [];
}

describe('a cron expression', () => {
  it('comes next at its time in its zone, never at the instant itself', () => {
    const daily = cron('0 3 * * *');
    expect(at(daily, '2026-11-27T01:59:59.999Z')).toBe('2026-11-27T02:00:00.000Z');
    expect(at(daily, '2026-11-27T02:00:00.000Z')).toBe('2026-11-28T02:00:00.000Z');
    expect(at(daily, '2026-11-27T02:00:00.001Z')).toBe('2026-11-28T02:00:00.000Z');
    expect(at(cron('0 3 * * *', 'Africa/Nairobi'), '2026-11-27T02:00:00.000Z')).toBe('2026-11-28T00:00:00.000Z');
  });

  it('keeps its wall time over a change of the clocks', () => {
    const daily = cron('0 3 * * *');
    expect(at(daily, '2026-03-28T02:00:00.000Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(at(daily, '2026-10-24T01:00:00.000Z')).toBe('2026-10-25T02:00:00.000Z');
  });

  it('comes when the missing hour is over, if it falls into it', () => {
    const missing = cron('30 2 * * *');
    expect(at(missing, '2026-03-28T12:00:00.000Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(at(missing, '2026-03-29T01:00:00.000Z')).toBe('2026-03-30T00:30:00.000Z');
  });

  it('comes once in the hour that is there twice, and every hour if it is of every hour', () => {
    const twice = cron('30 2 * * *');
    expect(at(twice, '2026-10-24T12:00:00.000Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(at(twice, '2026-10-25T00:30:00.000Z')).toBe('2026-10-26T01:30:00.000Z');
    const hourly = cron('0 * * * *');
    expect(at(hourly, '2026-10-25T00:00:00.000Z')).toBe('2026-10-25T01:00:00.000Z');
    expect(at(hourly, '2026-10-25T01:00:00.000Z')).toBe('2026-10-25T02:00:00.000Z');
  });

  it('of a day that not every month has waits for the next one that has it', () => {
    expect(at(cron('0 0 31 * *', 'UTC'), '2026-03-31T00:00:00.000Z')).toBe('2026-05-31T00:00:00.000Z');
    expect(at(cron('0 0 29 2 *', 'UTC'), '2026-11-27T00:00:00.000Z')).toBe('2028-02-29T00:00:00.000Z');
  });

  it('is in the zone of the organisation where it names none', () => {
    const rhythm = { cron: '0 3 * * *', timezone: BERLIN };
    expect(timingOf({ cron: '0 3 * * *' }, here)).toEqual({ trigger: rhythm, rhythm });
  });

  it.each([
    ['', 'trigger.cron'],
    ['every day', 'trigger.cron'],
    ['0 3 * *', 'trigger.cron'],
    ['0 0 3 * * *', 'trigger.cron'],
    ['61 3 * * *', 'trigger.cron'],
    ['@reboot', 'trigger.cron'],
    ['0 0 30 2 *', 'trigger.cron'],
    ['2999-01-01T00:00:00', 'trigger.cron'],
  ])('such as "%s" is refused, and the field is named', (expression, field) => {
    expect(faults(() => timingOf({ cron: expression }, here))).toEqual([field]);
  });

  it.each(['Mars/Base', '+02:00', ''])('in the zone "%s" is refused, and the field is named', (timezone) => {
    expect(faults(() => timingOf({ cron: '0 3 * * *', timezone }, here))).toEqual(['trigger.timezone']);
  });
});

describe('a period', () => {
  it('is a step of the calendar in the zone of the organisation', () => {
    expect(at(every('P1D'), '2026-03-28T02:00:00.000Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(at(every('PT24H'), '2026-03-28T02:00:00.000Z')).toBe('2026-03-29T02:00:00.000Z');
    expect(at(every('P1M'), '2026-01-31T11:00:00.000Z')).toBe('2026-02-28T11:00:00.000Z');
    expect(at(every('PT5M'), '2026-10-25T00:58:00.000Z')).toBe('2026-10-25T01:03:00.000Z');
  });

  it('may be a word', () => {
    expect(timingOf({ every: 'daily' }, here)).toEqual({ trigger: { every: 'P1D' }, rhythm: { every: 'P1D' } });
  });

  it.each(['biweekly', 'PT0S', '-P1D', 'P200Y'])('such as "%s" is refused, and the field is named', (period) => {
    expect(faults(() => timingOf({ every: period }, here))).toEqual(['trigger.every']);
    expect(faultOfRhythm({ every: period }, 'PT1H')).not.toBeNull();
    expect(faultOfRhythm(null, period)).not.toBeNull();
  });
});

describe('what makes a task run', () => {
  it.each([
    [{ event: 'kpi.received' }, { event: 'kpi.received' }],
    [{ webhook: true }, { webhook: here.hook }],
    [{ hand: true }, { hand: true }],
  ] as const)('by %j says nothing of when, unless a period stands beside it', (given, trigger) => {
    expect(timingOf(given, here)).toEqual({ trigger, rhythm: null });
    expect(timingOf({ ...given, every: 'PT5M' }, here)).toEqual({ trigger, rhythm: { every: 'PT5M' } });
  });

  it('is never expected without a rhythm', () => {
    expect(nextOf(null, BERLIN)(new Date())).toBeNull();
    expect(faultOfRhythm(null, 'PT1H')).toBeNull();
    expect(faultOfRhythm({ cron: '0 3 * * *', timezone: BERLIN }, 'PT1H')).toBeNull();
    expect(faultOfRhythm({ cron: '0 3 * *', timezone: BERLIN }, 'PT1H')).toContain('cron');
  });
});

describe('a grace', () => {
  it('is a length, whatever the calendar does', () => {
    expect(graceMsOf('PT1H')).toBe(3_600_000);
    expect(graceMsOf('P1D')).toBe(86_400_000);
  });
});
