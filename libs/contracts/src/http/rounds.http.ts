import { z } from 'zod';
import { answer, instant, processStatus, reviewReason } from '../scalars';

/**
 * `GET /api/rounds`: the reviews that were opened in this time, at `from` or later and before `to`; without `from`, in
 * the 90 days before `to` or now.
 */
export const roundQuery = z.object({ from: instant.optional(), to: instant.optional() });
export type RoundQuery = z.output<typeof roundQuery>;

const count = z.int().nonnegative();
const tally = z.object({
  /** All; those that ended because their process was retired are counted nowhere else. */
  asked: count,
  certified: count,
  /** An update is promised, and no certificate given yet. */
  updating: count,
  /** Neither promised nor ended. */
  open: count,
  /** Still open and overdue. */
  late: count,
  /** Certified without opening the record. */
  stamped: count,
  /** From the question to the first answer; null where nobody has answered. */
  medianAnswerHours: z.number().nullable(),
});

/** One review of the round. */
export const roundItem = z.object({
  processId: z.string(),
  name: z.string(),
  section: z.string().nullable(),
  owner: z.string().nullable(),
  status: processStatus,
  reason: reviewReason,
  askedAt: instant,
  reminders: z.int(),
  /** The last answer that was taken. */
  answer: answer.nullable(),
  answeredBy: z.string().nullable(),
  answeredAt: instant.nullable(),
  recordOpened: z.boolean().nullable(),
  late: z.boolean(),
});
export type RoundItem = z.output<typeof roundItem>;

/** A recertification round as an auditor wants it. `GET /api/rounds.csv` has the same lines as a table. */
export const roundReport = z.object({
  from: instant,
  to: instant,
  total: tally,
  /** By owner, those with the most late ones first. */
  owners: z.array(tally.extend({ owner: z.string().nullable() })),
  items: z.array(roundItem),
});
export type RoundReport = z.output<typeof roundReport>;
