import { z } from 'zod';
import { instant } from '../scalars';

const fallbackWay = z.enum(['ntfy', 'mail']);

/** A message that was or will be sent besides Telegram. */
export const fallbackMessageView = z.object({
  id: z.int(),
  way: fallbackWay,
  /** News of an outage, its end, "I am alive", or a test. */
  kind: z.enum(['news', 'end', 'alive', 'test']),
  state: z.enum(['waiting', 'sending', 'sent', 'failed', 'withdrawn']),
  attempts: z.int(),
  error: z.string().nullable(),
  createdAt: instant,
  sentAt: instant.nullable(),
});
export type FallbackMessageView = z.output<typeof fallbackMessageView>;

/** The answer to `GET /api/fallback`. */
export const fallbackView = z.object({
  /** Those that are set. */
  ways: z.array(fallbackWay),
  /** Since when no message gets through to Telegram, while the fallback speaks; else null. */
  since: instant.nullable(),
  /** The newest first. */
  messages: z.array(fallbackMessageView),
});
export type FallbackView = z.output<typeof fallbackView>;

/** The answer to `POST /api/fallback/test`: ids of the messages. */
export const fallbackTestView = z.object({ messages: z.array(z.int()) });
export type FallbackTestView = z.output<typeof fallbackTestView>;
