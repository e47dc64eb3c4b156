import { z } from 'zod';
import { type answer, instant, reviewReason } from '../scalars';
import { pageQuery } from './problem';

/** A question that waits in a person's web inbox. */
export const inboxItem = z.object({
  number: z.int(),
  processId: z.string(),
  reviewId: z.string(),
  name: z.string(),
  section: z.string().nullable(),
  to: z.string(),
  reason: reviewReason,
  reminder: z.int(),
  askedAt: instant,
  recordLink: z.string().nullable(),
});
export type InboxItem = z.output<typeof inboxItem>;

const messageState = z.enum(['waiting', 'sending', 'sent', 'failed', 'withdrawn']);

export const messageQuery = pageQuery.extend({
  state: messageState.optional(),
  /** As `messageView` has it: a handle, or `chat` and its number. */
  to: z.string().max(100).optional(),
});
export type MessageQuery = z.output<typeof messageQuery>;

/** A message that was or will be sent to a person. */
export const messageView = z.object({
  id: z.string(),
  channel: z.string(),
  to: z.string(),
  kind: z.string(),
  text: z.string(),
  state: messageState,
  attempts: z.int(),
  error: z.string().nullable(),
  createdAt: instant,
  sentAt: instant.nullable(),
});
export type MessageView = z.output<typeof messageView>;

/** The answer to `POST /api/messages/:id/resend`. */
export const resendView = z.object({ resent: z.literal(true) });

export const answerLabels: Readonly<Record<z.output<typeof answer>, string>> = {
  correct: 'No, it is correct',
  'needs-update': 'Yes, I will update it',
  'not-mine': 'Not mine',
  later: 'Later',
};
