import { z } from 'zod';
import { defineEvent, serviceNames, type DataOf } from '../event';
import { instant } from '../scalars';

export const LetterKept = defineEvent({
  subject: 'letter.kept',
  says: 'A service could not handle an event or a webhook and keeps it as a dead letter; told again when its reason is another.',
  publishers: serviceNames,
  consumers: ['registry', 'notifier'],
  schema: z.object({
    letterId: z.uuid(),
    service: z.string(),
    /** Durable name of the consumer, or `hook.` and the hook's name. */
    consumer: z.string(),
    subject: z.string(),
    eventId: z.string(),
    /** The run that it belongs to; null where that cannot be known. */
    runId: z.string().nullable(),
    reason: z.string(),
    deliveries: z.int(),
    at: instant,
    /** Its beginning, as text; the whole of it stays where it is. */
    payload: z.string(),
    isWhole: z.boolean(),
  }),
  example: {
    letterId: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d40',
    service: 'notifier',
    consumer: 'notifier.show-alert-when-it-is-raised',
    subject: 'alert.raised',
    eventId: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d41',
    runId: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d30',
    reason: 'title: it is missing',
    deliveries: 1,
    at: '2026-11-27T02:00:12.000Z',
    payload: '{"alertId":7}',
    isWhole: true,
  },
});
export type LetterKept = DataOf<typeof LetterKept>;

export const LetterWanted = defineEvent({
  subject: 'letter.wanted',
  says: 'Somebody wants dead letters of a service handled again.',
  publishers: ['registry', 'notifier'],
  consumers: serviceNames,
  schema: z.object({ service: z.string(), letterIds: z.array(z.uuid()).min(1).max(500), by: z.string(), at: instant }),
  example: {
    service: 'notifier',
    letterIds: ['0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d40'],
    by: 'ada',
    at: '2026-11-27T08:00:00.000Z',
  },
});
export type LetterWanted = DataOf<typeof LetterWanted>;

export const LetterSettled = defineEvent({
  subject: 'letter.settled',
  says: 'A dead letter was handled again: it is done, or has failed once more and stays.',
  publishers: serviceNames,
  consumers: ['registry', 'notifier'],
  schema: z.object({
    letterId: z.uuid(),
    service: z.string(),
    /** Null when it is done, else why it failed again. */
    reason: z.string().nullable(),
    by: z.string(),
    at: instant,
  }),
  example: {
    letterId: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d40',
    service: 'notifier',
    reason: null,
    by: 'ada',
    at: '2026-11-27T08:00:01.000Z',
  },
});
export type LetterSettled = DataOf<typeof LetterSettled>;
