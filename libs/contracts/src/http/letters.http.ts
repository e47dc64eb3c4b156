import { z } from 'zod';
import { instant } from '../scalars';
import { pageQuery } from './problem';

/** Which dead letters are meant: all of them where nothing is named. */
const letterFilter = {
  service: z.string().max(100).optional(),
  consumer: z.string().max(200).optional(),
  subject: z.string().max(200).optional(),
};

/** `GET /api/dead-letters`: open ones are those that nobody has replayed with success. */
export const letterQuery = pageQuery.extend({ ...letterFilter, state: z.enum(['open', 'replayed']).optional() });
export type LetterQuery = z.output<typeof letterQuery>;

/** What a service could not handle. */
export const deadLetterView = z.object({
  id: z.string(),
  service: z.string(),
  /** Durable name of the consumer, or `hook.` and the hook's name. */
  consumer: z.string(),
  subject: z.string(),
  eventId: z.string(),
  /** The run that it belongs to; null where that is not known. */
  runId: z.string().nullable(),
  reason: z.string(),
  deliveries: z.int(),
  at: instant,
  replayedAt: instant.nullable(),
  payload: z.string(),
  /** Whether that is all of the payload. */
  isWhole: z.boolean(),
});
export type DeadLetterView = z.output<typeof deadLetterView>;

/**
 * The answer to `POST /api/dead-letters/:id/replay`: why it was left where it is, or null. `asked`: its service has not
 * said yet what became of it.
 */
export const replayView = z.object({
  state: z.enum(['replayed', 'failed', 'asked']),
  replayed: z.boolean(),
  reason: z.string().nullable(),
});
export type ReplayView = z.output<typeof replayView>;

/** How many dead letters one request may want handled again; the rest is for the next one. */
export const MOST_LETTERS = 500;

/** `POST /api/dead-letters/replay`: these, or the oldest open ones that the filter lets through. */
export const replayBody = z.union([
  z.strictObject({ ids: z.array(z.uuid()).min(1).max(MOST_LETTERS) }),
  z.strictObject(letterFilter),
]);
export type ReplayBody = z.output<typeof replayBody>;

/** How many are being handled again, and whether there are more of the same. */
export const replaysView = z.object({ asked: z.int(), more: z.boolean() });
export type ReplaysView = z.output<typeof replaysView>;
