import { z } from 'zod';

/** `GET /health/serving`: answered with 503 when it is leaving. */
export const servingView = z.object({ status: z.enum(['ok', 'leaving']) });
export type ServingView = z.output<typeof servingView>;

/** `GET /health/live`. */
export const liveView = z.object({ status: z.literal('ok') });

/** One thing that the work of a process depends on, with what is wrong with it. */
const healthCheck = z.object({ name: z.string(), ok: z.boolean(), detail: z.string() });

/** `GET /health/ready`: `degraded` where it can do some of its work only; answered with 503 when it is `unavailable`. */
export const readyView = z.object({
  status: z.enum(['ok', 'degraded', 'unavailable']),
  checks: z.array(healthCheck),
});
export type ReadyView = z.output<typeof readyView>;
