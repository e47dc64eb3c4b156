import { z } from 'zod';
import { runStep, stepState } from '../events/run.events';
import { instant } from '../scalars';
import { pageQuery } from './problem';

/** `GET /api/runs`: of everything where nothing is named. */
export const runQuery = pageQuery.extend({
  state: stepState.optional(),
  /** A part of the name or of the error, or the id of a run or of anything in it. */
  q: z.string().trim().min(1).max(200).optional(),
  /** A hook, a subject, a handler or the kind of a message that has to be in it. */
  name: z.string().max(200).optional(),
});
export type RunQuery = z.output<typeof runQuery>;

/** The whole way of one fact, as good as its worst step. */
export const runView = z.object({
  id: z.string(),
  /** Of its first step. */
  name: z.string(),
  kind: runStep.shape.kind,
  startedAt: instant,
  lastAt: instant,
  steps: z.int(),
  state: stepState,
  /** Of its worst step; null when all went well in the end. */
  error: z.string().nullable(),
});
export type RunView = z.output<typeof runView>;

/** A step in its place: how deep it stands below the first one. */
export const runStepView = runStep.omit({ runId: true }).extend({ depth: z.int() });
export type RunStepView = z.output<typeof runStepView>;

/** How many steps of a run are shown. */
export const MOST_STEPS = 5_000;

/** `GET /api/runs/:id`: each step stands below the one that it followed from. */
export const runDetail = runView.extend({
  tree: z.array(runStepView),
  /** Whether these are all steps. */
  isWhole: z.boolean(),
});
export type RunDetail = z.output<typeof runDetail>;

/** `GET /api/runs/last`: what every handler and every hook did last. */
export const lastSteps = z.object({
  items: z.array(z.object({ name: z.string(), runId: z.string(), at: instant, state: stepState })),
});
export type LastSteps = z.output<typeof lastSteps>;
