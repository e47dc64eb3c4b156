import { z } from 'zod';
import { defineEvent, serviceNames, type DataOf } from '../event';
import { handle, instant, taskId, version } from '../scalars';

/** A rhythm: again after a period (ISO 8601 duration), or at the times of a cron expression in a zone. */
export const taskRhythm = z.union([
  z.object({ every: z.string() }),
  z.object({ cron: z.string(), timezone: z.string() }),
]);
export type TaskRhythm = z.output<typeof taskRhythm>;

/** What makes a task run. */
export const taskTrigger = z.union([
  z.object({ event: z.string() }),
  z.object({ cron: z.string(), timezone: z.string() }),
  z.object({ every: z.string() }),
  z.object({ webhook: z.string() }),
  z.object({ hand: z.literal(true) }),
]);
export type TaskTrigger = z.output<typeof taskTrigger>;

export const TaskRegistered = defineEvent({
  subject: 'task.registered',
  says: "A task of the hub exists: who runs it, what triggers it, what it emits, and when it is expected. The task's full present state.",
  publishers: serviceNames,
  consumers: ['registry', 'notifier'],
  schema: z.object({
    taskId,
    version,
    name: z.string(),
    /** Who runs it: one of the services, or a name that a module of one's own gives itself; `outside` for the rest. */
    service: z.string(),
    /** Whom it belongs to; a task of an owner is recertified like any process. */
    owner: handle.nullable(),
    trigger: taskTrigger,
    /** The subjects that it publishes. */
    emits: z.array(z.string()),
    /** When it is expected to report; null where nothing can be expected. */
    rhythm: taskRhythm.nullable(),
    /** How long after the expected time its silence is news (ISO 8601 duration). */
    grace: z.string(),
    /** False once it is taken away. */
    active: z.boolean(),
  }),
  example: {
    taskId: 'nightly-backup',
    version: 1,
    name: 'Nightly backup',
    service: 'outside',
    owner: 'ada',
    trigger: { cron: '0 3 * * *', timezone: 'Europe/Berlin' },
    emits: [],
    rhythm: { cron: '0 3 * * *', timezone: 'Europe/Berlin' },
    grace: 'PT1H',
    active: true,
  },
});
export type TaskRegistered = DataOf<typeof TaskRegistered>;

export const TaskReported = defineEvent({
  subject: 'task.reported',
  says: 'A task has started, has succeeded or has failed.',
  publishers: serviceNames,
  consumers: ['registry', 'notifier'],
  schema: z.object({
    reportId: z.uuid(),
    taskId,
    status: z.enum(['start', 'success', 'fail']),
    at: instant,
    log: z.string().nullable(),
  }),
  example: {
    reportId: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d20',
    taskId: 'nightly-backup',
    status: 'fail',
    at: '2026-11-27T02:00:12.000Z',
    log: 'pg_dump: connection refused',
  },
});
export type TaskReported = DataOf<typeof TaskReported>;

/** Which trouble of which task: it has one at a time, and each has the next number. */
const trouble = {
  taskId,
  /** Number of the trouble, 1 for the first of this task. */
  trouble: version,
  name: z.string(),
  owner: handle.nullable(),
  why: z.enum(['silent', 'failed', 'unfinished']),
  since: instant,
};

export const TaskDown = defineEvent({
  subject: 'task.down',
  says: 'A task did not run when it should have, has failed, or did not end: its owner is told first, then the admins.',
  publishers: ['registry'],
  consumers: ['notifier'],
  schema: z.object({
    ...trouble,
    level: z.enum(['owner', 'admins']),
    expectedBy: instant.nullable(),
    /** When it last reported anything; null when never. */
    lastHeardAt: instant.nullable(),
    /** The end of what it said last, when it failed. */
    log: z.string().nullable(),
  }),
  example: {
    taskId: 'nightly-backup',
    trouble: 1,
    name: 'Nightly backup',
    owner: 'ada',
    why: 'silent',
    since: '2026-11-27T03:00:00.000Z',
    level: 'owner',
    expectedBy: '2026-11-27T02:00:00.000Z',
    lastHeardAt: '2026-11-26T02:04:10.000Z',
    log: null,
  },
});
export type TaskDown = DataOf<typeof TaskDown>;

export const TaskRecovered = defineEvent({
  subject: 'task.recovered',
  says: 'A task that was down has succeeded again, or is not expected any more.',
  publishers: ['registry'],
  consumers: ['notifier'],
  schema: z.object({ ...trouble, at: instant, how: z.enum(['success', 'taken-away', 'changed']) }),
  example: {
    taskId: 'nightly-backup',
    trouble: 1,
    name: 'Nightly backup',
    owner: 'ada',
    why: 'silent',
    since: '2026-11-27T03:00:00.000Z',
    at: '2026-11-27T05:12:00.000Z',
    how: 'success',
  },
});
export type TaskRecovered = DataOf<typeof TaskRecovered>;
