import { createHash } from 'node:crypto';
import { type TaskRegistered, type TaskRhythm, type TaskTrigger, type TaskView } from '@recert/contracts';
import { type ReadProcess } from '../library/expand-templates';
import { graceMsOf, nextOf } from './rhythm';
import { expectedBy, type Expectation, type TaskHealth } from './task-health';

/** Who runs what somebody has registered over HTTP. */
export const OUTSIDE = 'outside';
/** The source of the processes by which the owners of tasks are asked about them. */
export const TASKS = 'tasks';
const SECTION = 'Automations';
const PROCESS_PREFIX = 'task-';

/** A task of the hub. */
export interface Task {
  readonly id: string;
  /** Grows with every change of what it is; of a service's own, as the service counts. */
  readonly version: number;
  readonly name: string;
  readonly service: string;
  /** Handles, as they were named for the task itself. */
  readonly owner: string | null;
  readonly deputy: string | null;
  readonly trigger: TaskTrigger;
  readonly emits: readonly string[];
  readonly rhythm: TaskRhythm | null;
  /** ISO 8601 durations. */
  readonly grace: string;
  readonly review: string;
  readonly url: string | null;
  readonly productId: string | null;
  readonly isRelease: boolean;
  readonly registeredAt: Date;
  readonly health: TaskHealth;
}

/** A task, and who owns it by now: its process may have been handed over since. */
export interface OwnedTask {
  readonly task: Task;
  readonly owner: string | null;
  readonly deputy: string | null;
}

/** @param zone IANA zone of the organisation */
export function expectationOf({ rhythm, grace, owner }: Task, zone: string): Expectation {
  return { next: nextOf(rhythm, zone), graceMs: graceMsOf(grace), hasOwner: owner !== null };
}

/** The id of its process. */
export function processIdOf(id: string): string {
  return `${PROCESS_PREFIX}${id.replaceAll('.', '-')}`.slice(0, 120);
}

/** Whether a process, of which no more is known, is that of a task. */
export function isOfTask(processId: string, section: string | null): boolean {
  return section === SECTION && processId.startsWith(PROCESS_PREFIX);
}

/** Whether it is a process of somebody, too: its owner is asked about it like about any. */
export function isProcess({ owner, health }: Pick<Task, 'owner' | 'health'>): boolean {
  return owner !== null && health.active;
}

/** The process of a task as a library would say it. @param publicUrl where the console is, null where that is not known */
export function toReadProcess(task: Task, publicUrl: string | null): ReadProcess {
  const record = recordOf(task);
  return {
    ...{ id: processIdOf(task.id), name: task.name, section: SECTION, owner: task.owner, deputy: task.deputy },
    ...{ triggerPeriod: task.review, product: null, documented: true, record, position: 0, file: TASKS, line: 1 },
    url: task.url ?? (publicUrl === null ? null : `${publicUrl}/tasks/${task.id}`),
    recordHash: createHash('sha256').update(record).digest('hex'),
  };
}

/** What a task is, in words: the record that its owner certifies. */
function recordOf({ name, service, trigger, emits, rhythm, grace }: Task): string {
  const expected = rhythm === null ? 'at no particular time' : `${rhythmText(rhythm)}, and missed after ${grace} more`;
  return [
    `# ${name}`,
    '',
    service === OUTSIDE ? 'A task that runs outside and reports here.' : `A task of the service ${service}.`,
    '',
    `- Runs: ${triggerText(trigger)}`,
    `- Says: ${emits.length === 0 ? 'nothing on the bus' : emits.join(', ')}`,
    `- Is expected: ${expected}`,
    '',
  ].join('\n');
}

function triggerText(trigger: TaskTrigger): string {
  if ('event' in trigger) return `when ${trigger.event} is said`;
  if ('webhook' in trigger) return `when something is sent to ${trigger.webhook}`;
  if ('hand' in trigger) return 'when somebody wants it';
  return rhythmText(trigger);
}

function rhythmText(rhythm: TaskRhythm): string {
  return 'cron' in rhythm ? `at ${rhythm.cron} (${rhythm.timezone})` : `every ${rhythm.every}`;
}

export function toTaskRegistered(task: Task): TaskRegistered {
  const { id: taskId, version, name, service, owner, trigger, emits, rhythm, grace, health } = task;
  const same = { taskId, version, name, service, owner, trigger, rhythm, grace };
  return { ...same, emits: [...emits], active: health.active };
}

/** @param base address of this installation, without a slash at its end */
export function toTaskView({ task, owner, deputy }: OwnedTask, now: Date, zone: string, base: string): TaskView {
  const { id, name, service, trigger, emits, rhythm, grace, review, url, health, version } = task;
  const { trouble } = health;
  return {
    ...{ id, name, service, owner, deputy, trigger, rhythm, grace, review, url, version },
    emits: [...emits],
    product: task.productId,
    release: task.isRelease,
    state: stateOf(task, now, zone),
    lastStatus: health.lastStatus,
    lastHeardAt: iso(health.lastHeardAt),
    lastSuccessAt: iso(health.lastSuccessAt),
    startedAt: iso(health.startedAt),
    expectedBy: health.active ? iso(expectedBy(health, expectationOf(task, zone))) : null,
    lastRun: lastRunOf(health),
    trouble: trouble && {
      ...{ number: trouble.number, why: trouble.why, level: trouble.level },
      since: trouble.since.toISOString(),
    },
    processId: isProcess(task) ? processIdOf(id) : null,
    hook: service === OUTSIDE ? hookOf(id, base) : null,
  };
}

export function hookOf(id: string, base: string): string {
  return `${base}/hooks/tasks/${id}`;
}

/** What a token has to open that reports it. */
export function scopeOf(id: string): string {
  return `tasks:${id}`;
}

function stateOf({ health, ...task }: Task, now: Date, zone: string): TaskView['state'] {
  if (!health.active) return 'off';
  if (health.trouble !== null) return 'down';
  if (health.startedAt !== null) return 'running';
  const by = expectedBy(health, expectationOf({ ...task, health }, zone));
  if (by !== null && by <= now) return 'late';
  return health.lastHeardAt === null ? 'new' : 'up';
}

function lastRunOf({ startedAt, lastBeganAt, lastEndAt }: TaskHealth): TaskView['lastRun'] {
  if (startedAt !== null) return { startedAt: iso(startedAt), endedAt: null, tookMs: null };
  if (lastEndAt === null) return null;
  const tookMs = lastBeganAt === null ? null : lastEndAt.getTime() - lastBeganAt.getTime();
  return { startedAt: iso(lastBeganAt), endedAt: iso(lastEndAt), tookMs };
}

function iso(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
