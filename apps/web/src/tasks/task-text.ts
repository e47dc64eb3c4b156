import { type Schema } from '../api/client';

type Task = Pick<Schema<'TaskView'>, 'trigger' | 'rhythm' | 'grace'>;

/** What makes a task run, for people. */
export function triggerText({ trigger }: Pick<Task, 'trigger'>): string {
  if ('event' in trigger) return `when ${trigger.event} is said`;
  if ('webhook' in trigger) return `by its webhook`;
  if ('hand' in trigger) return 'by hand';
  return rhythmText(trigger);
}

/** When it is expected. */
export function expectedText({ rhythm, grace }: Pick<Task, 'rhythm' | 'grace'>): string {
  return rhythm === null ? 'at no particular time' : `${rhythmText(rhythm)}, with a grace of ${grace}`;
}

function rhythmText(rhythm: NonNullable<Task['rhythm']>): string {
  return 'cron' in rhythm ? `at ${rhythm.cron} (${rhythm.timezone})` : `every ${rhythm.every}`;
}

/** A command that reports it, with its token where that is known. */
export function reportCommand(hook: string, token: string | null): string {
  return `curl -fsS -X POST '${hook}?status=success' -H "Authorization: Bearer ${token ?? '$RECERT_TASK_TOKEN'}"`;
}

/** As what a task stands in runs: a hook by its own name, whatever service has it. */
export function runNameOf({ id }: Pick<Schema<'TaskView'>, 'id'>): string {
  return id.split('.hook.')[1] ?? id;
}
