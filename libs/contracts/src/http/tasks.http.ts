import { z } from 'zod';
import { taskRhythm, taskTrigger } from '../events/task.events';
import { handle, instant, productId } from '../scalars';
import { pageQuery } from './problem';

const name = z.string().trim().min(1).max(100);
/** An ISO 8601 duration or a word such as `daily`; whether it is one is checked where periods are known. */
const period = z.string().trim().min(1).max(40);
const timezone = z.string().max(60);
const subject = z.string().regex(/^[a-z]+\.[a-z0-9-]+$/, 'a subject is made like process.certified');
const webAddress = z
  .string()
  .max(500)
  .regex(/^https?:\/\/[^\s]+$/, 'expected an address such as https://ci.example.org/nightly');

/** The id of a task that somebody registers: a slug, as it stands in the address of its hook. */
export const outsideTaskId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,79}$/, 'an id is made of a-z, 0-9 and dashes such as nightly-backup');

/** What makes it run. An event, a webhook or a hand says nothing of when; `every` beside them does. */
export const taskTriggerBody = z.union(
  [
    z.strictObject({ every: period }),
    z.strictObject({ cron: z.string().trim().min(1).max(100), timezone: timezone.optional() }),
    z.strictObject({ event: subject, every: period.optional() }),
    z.strictObject({ webhook: z.literal(true), every: period.optional() }),
    z.strictObject({ hand: z.literal(true), every: period.optional() }),
  ],
  'expected {"every": "P1D"}, {"cron": "0 3 * * *", "timezone"?}, {"event": "kpi.received"}, {"webhook": true} or {"hand": true}',
);
export type TaskTriggerBody = z.output<typeof taskTriggerBody>;

const described = {
  name,
  owner: handle,
  deputy: handle.nullable(),
  trigger: taskTriggerBody,
  /** The subjects that it publishes. */
  emits: z.array(subject).max(20),
  /** How long after the expected time its silence is news. */
  grace: period,
  /** How often its owner is asked whether it is described as it is. */
  review: period,
  url: webAddress.nullable(),
  product: productId.nullable(),
  /** Whether each run of it is a release: its reports are told as such. */
  release: z.boolean(),
};

/** `POST /api/tasks`. */
export const taskBody = z.strictObject({
  ...described,
  /** Made of the name where it is missing. */
  id: outsideTaskId.optional(),
  deputy: described.deputy.default(null),
  emits: described.emits.default([]),
  grace: described.grace.default('PT1H'),
  review: described.review.default('P1Y'),
  url: described.url.default(null),
  product: described.product.default(null),
  release: described.release.default(false),
});
export type TaskBody = z.output<typeof taskBody>;

/** `PATCH /api/tasks/:id`: only the named fields change. Of a service's own task only owner, deputy and review. */
export const taskPatch = z
  .strictObject({ ...described, owner: handle.nullable(), active: z.literal(true) })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, 'name at least one field');
export type TaskPatch = z.output<typeof taskPatch>;

export const taskState = z.enum(['new', 'up', 'running', 'late', 'down', 'off']);
export const taskQuery = pageQuery.extend({
  service: z.string().max(100).optional(),
  owner: handle.optional(),
  state: taskState.optional(),
  q: z.string().max(200).optional(),
});
export type TaskQuery = z.output<typeof taskQuery>;

export const taskView = z.object({
  id: z.string(),
  name: z.string(),
  /** Who runs it; `outside` for what somebody has registered. */
  service: z.string(),
  owner: z.string().nullable(),
  deputy: z.string().nullable(),
  trigger: taskTrigger,
  emits: z.array(z.string()),
  rhythm: taskRhythm.nullable(),
  grace: z.string(),
  review: z.string(),
  url: z.string().nullable(),
  product: z.string().nullable(),
  release: z.boolean(),
  /** `late`: expected, and within its grace. */
  state: taskState,
  lastStatus: z.enum(['start', 'success', 'fail']).nullable(),
  lastHeardAt: instant.nullable(),
  lastSuccessAt: instant.nullable(),
  /** Since when it runs; null while it does not. */
  startedAt: instant.nullable(),
  /** The newest run, also one that goes on; when it began is known only where it said so. */
  lastRun: z
    .object({ startedAt: instant.nullable(), endedAt: instant.nullable(), tookMs: z.number().nullable() })
    .nullable(),
  expectedBy: instant.nullable(),
  trouble: z
    .object({
      number: z.int(),
      why: z.enum(['silent', 'failed', 'unfinished']),
      since: instant,
      level: z.enum(['owner', 'admins']),
    })
    .nullable(),
  /** The process by which its owner is asked about it. */
  processId: z.string().nullable(),
  /** Where it reports; null for what reports on the bus. */
  hook: z.string().nullable(),
  version: z.int(),
});
export type TaskView = z.output<typeof taskView>;

/** The answer to `POST /api/tasks`: the token is shown this once. */
export const taskCreated = taskView.extend({ tokenId: z.string(), token: z.string() });
export type TaskCreated = z.output<typeof taskCreated>;

export const taskReportView = z.object({
  id: z.string(),
  status: z.enum(['start', 'success', 'fail']),
  at: instant,
  log: z.string().nullable(),
});
export type TaskReportView = z.output<typeof taskReportView>;

/** `GET /api/tasks/:id`: with its newest reports. */
export const taskDetail = taskView.extend({ reports: z.array(taskReportView) });
export type TaskDetail = z.output<typeof taskDetail>;

/** `POST /hooks/tasks/:task`. Of a task that releases something, the rest says what. */
export const taskReportBody = z.looseObject({
  status: z.enum(['start', 'success', 'fail']),
  log: z.string().max(200_000).nullish(),
  version: z.string().max(200).nullish(),
  commit: z.string().max(200).nullish(),
  environment: z.string().max(100).nullish(),
  url: webAddress.nullish(),
  /** With `fail`: the version of before runs again. */
  rolledBack: z.boolean().nullish(),
});
export type TaskReportBody = z.output<typeof taskReportBody>;
