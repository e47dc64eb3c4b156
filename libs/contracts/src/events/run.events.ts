import { z } from 'zod';
import { defineEvent, serviceNames, type DataOf } from '../event';
import { instant } from '../scalars';

/** How far a step has come. `retrying` has failed and will be tried again; `failed` is given up until it is replayed. */
export const stepState = z.enum(['done', 'retrying', 'failed']);
export type StepState = z.output<typeof stepState>;

/**
 * One step on the way of a fact, as it is now. A step is told of again when it has gone on; the later word holds, and
 * what once failed stays in `attempts` and `error`.
 */
export const runStep = z.object({
  /** Correlation id of the fact that the whole way descends from. */
  runId: z.string(),
  /** Tells the steps of a run apart: an event's id, or who handled it and which one. */
  key: z.string(),
  kind: z.enum(['webhook', 'event', 'handler', 'message']),
  /** The hook, the subject, the durable name of the handler, or the kind of the message. */
  name: z.string(),
  /** Id of the event that it followed from; null for what began the run. */
  causeId: z.string().nullable(),
  /** The handler that published it, for an event of which that is known; else null. */
  by: z.string().nullable(),
  at: instant,
  /** How long the last attempt took, in milliseconds; null where it is not known or takes no time. */
  tookMs: z.number().nullable(),
  attempts: z.int(),
  state: stepState,
  /** What went wrong last, also where it went well in the end. */
  error: z.string().nullable(),
});
export type RunStep = z.output<typeof runStep>;

export const RunProgressed = defineEvent({
  subject: 'run.progressed',
  says: 'Steps that a service has taken a moment ago, of any runs: gathered, and told beside the work itself.',
  publishers: serviceNames,
  consumers: ['registry'],
  schema: z.object({
    service: z.string(),
    /** How many steps were not told of because there were too many at once. */
    untold: z.int().min(0),
    steps: z.array(runStep),
  }),
  example: {
    service: 'alert-relay',
    untold: 0,
    steps: [
      {
        runId: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d30',
        key: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d30',
        kind: 'webhook',
        name: 'sentry',
        causeId: null,
        by: null,
        at: '2026-11-27T02:00:12.000Z',
        tookMs: 3.1,
        attempts: 1,
        state: 'done',
        error: null,
      },
    ],
  },
});
export type RunProgressed = DataOf<typeof RunProgressed>;
