import { type TaskRhythm, type TaskTrigger, type TaskTriggerBody } from '@recert/contracts';
import { addPeriods, parsePeriod } from '@recert/recertification';
import { timezone as zoneSchema, UserError } from '@recert/service-kit';
import { Cron } from 'croner';

/** As it is registered: what makes a task run, and when it is expected. */
export interface Timing {
  readonly trigger: TaskTrigger;
  readonly rhythm: TaskRhythm | null;
}

/**
 * @param hook the address at which a webhook reaches it, for a trigger that is one
 * @param zone IANA zone of the organisation, for a cron expression that names none
 * @throws UserError 422 that names the field
 */
export function timingOf(given: TaskTriggerBody, { hook, zone }: { hook: string; zone: string }): Timing {
  if ('cron' in given) {
    const rhythm = { cron: given.cron, timezone: given.timezone ?? zone };
    checkCron(rhythm);
    return { trigger: rhythm, rhythm };
  }
  const rhythm = given.every === undefined ? null : { every: periodOf('trigger.every', given.every) };
  if ('event' in given) return { trigger: { event: given.event }, rhythm };
  if ('webhook' in given) return { trigger: { webhook: hook }, rhythm };
  if ('hand' in given) return { trigger: { hand: true }, rhythm };
  return { trigger: rhythm!, rhythm };
}

/** @returns the ISO 8601 duration. @throws UserError 422 that names the field */
export function periodOf(field: string, text: string): string {
  const parsed = parsePeriod(text);
  if (!parsed.ok) throw UserError.invalid(field, parsed.reason);
  return parsed.iso;
}

/**
 * When a rhythm comes next after an instant: a period later, or at the next time of the cron expression. In a night in
 * which clocks go forward, what falls into the missing hour comes when that is over; in the other one it comes once.
 * @returns null where there is no rhythm, or it never comes again
 */
export function nextOf(rhythm: TaskRhythm | null, zone: string): (after: Date) => Date | null {
  if (rhythm === null) return () => null;
  if ('cron' in rhythm) {
    const cron = new Cron(rhythm.cron, { timezone: rhythm.timezone, mode: '5-part' });
    return (after) => cron.nextRun(after);
  }
  const parsed = parsePeriod(rhythm.every);
  return (after) => (parsed.ok ? addPeriods(after, parsed.period, 1, zone) : null);
}

/** @returns milliseconds; a month is 31 days and a year 365 */
export function graceMsOf(grace: string): number {
  const parsed = parsePeriod(grace);
  return parsed.ok ? addPeriods(new Date(0), parsed.period, 1, 'UTC').getTime() : 0;
}

/** Whether what a module of one's own announced can be understood. @returns null, or the sentence that says why not */
export function faultOfRhythm(rhythm: TaskRhythm | null, grace: string): string | null {
  try {
    periodOf('grace', grace);
    if (rhythm !== null && 'cron' in rhythm) checkCron(rhythm);
    else if (rhythm !== null) periodOf('rhythm.every', rhythm.every);
    return null;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

function checkCron({ cron, timezone }: { cron: string; timezone: string }): void {
  if (!zoneSchema.safeParse(timezone).success) {
    throw UserError.invalid('trigger.timezone', `"${timezone}" is no IANA zone such as Europe/Berlin`);
  }
  let next: Date | null;
  try {
    // The library takes an instant such as 2030-01-01T00:00:00, too.
    if (/^\d{4}-/.test(cron)) throw new Error('it is an instant');
    next = new Cron(cron, { timezone, mode: '5-part' }).nextRun();
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    throw UserError.invalid('trigger.cron', `"${cron}" is no cron expression of five fields such as 0 3 * * *: ${why}`);
  }
  if (next === null) throw UserError.invalid('trigger.cron', `"${cron}" is a time that never comes`);
}
