import { type EscalationPolicy } from '@recert/recertification';
import { defineConfig, type Environment } from '@recert/service-kit';
import { z } from 'zod';

/** The environment of this process, for main.ts. */
export const environment: Environment = process.env;

const dayCount = z
  .string()
  .regex(/^[1-9]\d{0,3}$/, 'expected a number of days from 1 to 9999')
  .transform(Number);
const dayOrOff = z.union([z.literal('off').transform(() => null), dayCount], 'expected a number of days, or off');

const ascendingDays = z.array(dayCount).refine(isAscending, 'expected each day once, in ascending order');
const reminderDays = z.union(
  [
    z.literal('off').transform((): number[] => []),
    z
      .string()
      .transform((text) => text.split(',').map((day) => day.trim()))
      .pipe(ascendingDays),
  ],
  'expected days in ascending order such as 3,7, or off',
);

/** When the scheduler speaks up about an open review. A day is 24 hours and counts from when it was opened. */
export const schedulerConfig = defineConfig({
  REMINDER_DAYS: reminderDays.prefault('3,7').describe('Days after which the owner is reminded, e.g. 3,7; or off'),
  DEPUTY_DAY: dayOrOff.prefault('14').describe('Day on which the deputy is told that nobody answered, e.g. 14; or off'),
  ADMINS_DAY: dayOrOff
    .prefault('21')
    .describe('Day on which the admins are told that nobody answered, e.g. 21; or off'),
  NOT_UPDATED_DAYS: dayCount
    .prefault('14')
    .describe('Days after which somebody who promised an update is asked again, e.g. 14'),
});
export type SchedulerConfig = ReturnType<typeof schedulerConfig.parse>;
export const SCHEDULER_CONFIG = Symbol('scheduler config');

export function escalationPolicy(config: SchedulerConfig): EscalationPolicy {
  return {
    reminderDays: config.REMINDER_DAYS,
    deputyDay: config.DEPUTY_DAY,
    adminsDay: config.ADMINS_DAY,
    notUpdatedDays: config.NOT_UPDATED_DAYS,
  };
}

function isAscending(days: readonly number[]): boolean {
  return days.every((day, i) => i === 0 || day > days[i - 1]!);
}
