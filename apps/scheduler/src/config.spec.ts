import { defaultEscalationPolicy } from '@recert/recertification';
import { escalationPolicy, schedulerConfig } from './config';

describe('the configuration of the scheduler', () => {
  const policyOf = (environment: Record<string, string>) => escalationPolicy(schedulerConfig.parse(environment));

  it('is the default policy when nothing is set', () => {
    expect(policyOf({})).toEqual(defaultEscalationPolicy);
  });

  it('takes days of its own, and off', () => {
    const environment = { REMINDER_DAYS: '1, 2,30', DEPUTY_DAY: 'off', ADMINS_DAY: '1', NOT_UPDATED_DAYS: '9999' };
    expect(policyOf(environment)).toEqual({
      reminderDays: [1, 2, 30],
      deputyDay: null,
      adminsDay: 1,
      notUpdatedDays: 9999,
    });
    expect(policyOf({ REMINDER_DAYS: 'off' }).reminderDays).toEqual([]);
  });

  it.each([
    ['REMINDER_DAYS', '7,3'],
    ['REMINDER_DAYS', '3,3'],
    ['REMINDER_DAYS', '3,'],
    ['REMINDER_DAYS', '0'],
    ['DEPUTY_DAY', '0'],
    ['DEPUTY_DAY', '1.5'],
    ['ADMINS_DAY', 'never'],
    ['ADMINS_DAY', '10000'],
    ['NOT_UPDATED_DAYS', 'off'],
  ])('refuses %s=%s, and says what is expected', (name, value) => {
    expect(() => schedulerConfig.parse({ [name]: value })).toThrow(
      new RegExp(`${name} is malformed \\(expected .*e\\.g\\.`, 's'),
    );
  });
});
