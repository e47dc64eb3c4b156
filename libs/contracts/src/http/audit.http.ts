import { z } from 'zod';
import { instant } from '../scalars';

const text = z.string().nullable();

/** One row of `GET /api/audit/export`: everything its hash is made of, so that somebody else can compute it. */
export const exportedHistory = z.object({
  seq: z.int(),
  at: instant,
  by: z.string(),
  process: text,
  person: text,
  field: z.string(),
  old: text,
  new: text,
  cause: z.string(),
  source: z.string(),
  prev_hash: z.string(),
  hash: z.string(),
});

/** `GET /api/audit/verify`: whether the chain of hashes holds. */
export const historyVerdict = z.object({
  ok: z.boolean(),
  /** How many rows were right, up to the first that is not. */
  rows: z.int(),
  /** The last row and its hash: written down elsewhere, it proves later that nothing before it was replaced. */
  head: z.object({ seq: z.int(), hash: z.string() }),
  /** The first row that is missing, or is not what it was when it was written. */
  broken: z.object({ seq: z.int(), what: z.string() }).nullable(),
});
export type HistoryVerdict = z.output<typeof historyVerdict>;
