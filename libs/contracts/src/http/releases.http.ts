import { z } from 'zod';
import { releaseState } from '../events/release.events';
import { instant, processId, productId } from '../scalars';
import { pageQuery } from './problem';

/** `GET /api/releases`: newest first. */
export const releaseQuery = pageQuery.extend({
  product: productId.optional(),
  /** The process that they are evidence of. */
  process: processId.optional(),
  state: releaseState.optional(),
});
export type ReleaseQuery = z.output<typeof releaseQuery>;

export const releaseView = z.object({
  id: z.string(),
  product: z.string().nullable(),
  /** The process that it is evidence of; null where its product has none. */
  process: z.string().nullable(),
  name: z.string(),
  repository: z.string().nullable(),
  commit: z.string().nullable(),
  release: z.string().nullable(),
  environment: z.string().nullable(),
  state: releaseState,
  by: z.string().nullable(),
  url: z.string().nullable(),
  startedAt: instant.nullable(),
  at: instant,
  log: z.string().nullable(),
});
export type ReleaseView = z.output<typeof releaseView>;
