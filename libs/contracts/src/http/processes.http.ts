import { z } from 'zod';
import { knownReview, lastResponse } from '../events/process.events';
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

/** A process with what its page shows beside the fields of the list. */
export const processDetail = processView.extend({
  /** The Markdown of its record; null where there is none. */
  record: z.string().nullable(),
  recordHash: z.string().nullable(),
  source: z.string(),
  review: knownReview.nullable(),
  lastResponse: lastResponse.nullable(),
  updatingSince: instant.nullable(),
  /** The last one; `recordHash` is the revision that was certified. */
  certification: z
    .object({
      at: instant,
      by: z.string(),
      recordHash: z.string().nullable(),
      reviewId: z.string().nullable(),
      recordOpened: z.boolean().nullable(),
    })
    .nullable(),
});
export type ProcessDetail = z.output<typeof processDetail>;

const count = z.int().nonnegative();

/** `GET /api/processes/summary`: how the library stands. Retired processes and templates are not counted. */
export const processSummary = z.object({
  total: count,
  byStatus: z.record(processStatus, count),
  documented: count,
  unowned: count,
  /** Certified now, as a part of the documented ones; null where there are none. */
  certifiedShare: z.number().nullable(),
  /** Of the reviews that were closed in the last 365 days: certified before they were overdue, as a part of all. */
  onTimeShare: z.number().nullable(),
  /** Of the certifications of the last 365 days: given without opening the record, as a part of all. */
  stampedShare: z.number().nullable(),
  /** For filters, in their order. */
  sections: z.array(z.string()),
  owners: z.array(z.string()),
});
export type ProcessSummary = z.output<typeof processSummary>;

/** One line of `GET /api/processes/:id/revisions`, newest first. */
export const revisionView = z.object({ hash: z.string(), at: instant });
/** `GET /api/processes/:id/revisions/:hash`. */
export const revisionDetail = revisionView.extend({ record: z.string() });
export type RevisionDetail = z.output<typeof revisionDetail>;

/** One line of `GET /api/processes/:id/reviews`, newest first: who was asked, how often, and what became of it. */
export const reviewView = z.object({
  id: z.string(),
  reason: reviewReason,
  openedAt: instant,
  /** Who or what wanted it; null where the calendar did. */
  askedBy: z.string().nullable(),
  reminders: z.int(),
  lastRemindedAt: instant.nullable(),
  closedAt: instant.nullable(),
  outcome: z.string().nullable(),
  answeredBy: z.string().nullable(),
  recordOpened: z.boolean().nullable(),
  /** Every answer that arrived for it, taken or refused, oldest first. */
  responses: z.array(
    z.object({
      answer,
      by: z.string(),
      standing: z.string(),
      channel: z.string(),
      at: instant,
      recordOpened: z.boolean().nullable(),
      refused: z.string().nullable(),
    }),
  ),
});
export type ReviewView = z.output<typeof reviewView>;

/** `library` is the order of section and place in the library. */
export const processSort = z.enum([
  'library',
  'name',
  'section',
  'owner',
  'status',
  'certificationDate',
  'triggerPeriod',
  'nextDueAt',
]);
const yesOrNo = z.enum(['true', 'false']);

export const processQuery = pageQuery.extend({
  status: processStatus.optional(),
  owner: z.string().max(64).optional(),
  deputy: z.string().max(64).optional(),
  section: z.string().max(300).optional(),
  product: z.string().max(60).optional(),
  documented: yesOrNo.optional(),
  /** `false` for those that nobody owns. */
  owned: yesOrNo.optional(),
  q: z.string().max(300).optional(),
  sort: processSort.default('library'),
  /** What is empty stands last either way. */
  order: z.enum(['asc', 'desc']).default('asc'),
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

export const responseBody = z.strictObject({
  answer,
  reviewId: z.uuid().optional(),
  /** Whether the record was looked at before; not known where it is missing. */
  recordOpened: z.boolean().optional(),
});
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
