import { z } from 'zod';
import { answer, handle, instant, processStatus, reviewReason } from '../scalars';
import { pageQuery } from './problem';

/** A process as the HTTP API shows it. */
export const processView = z.object({
  id: z.string(),
  name: z.string(),
  section: z.string().nullable(),
  owner: z.string().nullable(),
  deputy: z.string().nullable(),
  status: processStatus,
  certificationDate: instant.nullable(),
  triggerPeriod: z.string(),
  nextDueAt: instant.nullable(),
  url: z.string().nullable(),
  documented: z.boolean(),
  product: z.string().nullable(),
  version: z.int(),
});
export type ProcessView = z.output<typeof processView>;

export const processQuery = pageQuery.extend({
  status: processStatus.optional(),
  owner: z.string().max(64).optional(),
  section: z.string().max(300).optional(),
  documented: z.enum(['true', 'false']).optional(),
  q: z.string().max(300).optional(),
});
export type ProcessQuery = z.output<typeof processQuery>;

/** `PATCH /api/processes/:id`: only the named fields change; a null takes the person away. */
export const processPatch = z
  .strictObject({
    owner: handle.nullable().optional(),
    deputy: handle.nullable().optional(),
    triggerPeriod: z.string().max(60).optional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, 'name at least one of owner, deputy, triggerPeriod');
export type ProcessPatch = z.output<typeof processPatch>;

export const askBody = z.strictObject({
  reason: reviewReason.extract(['asked', 'campaign', 'incident']).default('asked'),
});
/** `POST /api/processes/ask`: everybody who owns something is asked, in digests. */
export const campaignBody = z.strictObject({
  section: z.string().optional(),
  owner: handle.optional(),
});

export const responseBody = z.strictObject({ answer, reviewId: z.uuid().optional() });
export type ResponseBody = z.output<typeof responseBody>;

/** One row of the history: one field that changed. */
export const historyView = z.object({
  at: instant,
  by: z.string(),
  field: z.string(),
  old: z.string().nullable(),
  new: z.string().nullable(),
  cause: z.string(),
  source: z.string(),
});
export type HistoryView = z.output<typeof historyView>;
