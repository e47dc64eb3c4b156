import { z } from 'zod';

/** RFC 9457 problem details; `errors` names each field that is wrong. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z
    .array(z.object({ field: z.string(), message: z.string(), file: z.string().optional(), line: z.int().optional() }))
    .optional(),
});
export type Problem = z.output<typeof problem>;

/** A page of a list; `next` is the cursor of the following page, or null on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The schema of such a page, for the descriptions of routes. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** The paging part of every list's query. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  /** It holds what the last row was sorted by, which may be a long name. */
  cursor: z.string().max(4000).optional(),
});
