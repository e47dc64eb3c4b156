import { z } from 'zod';
import { defineEvent, type DataOf, type EventContract } from '../event';
import { instant } from '../scalars';

export const SubscriptionDisabled = defineEvent({
  subject: 'subscription.disabled',
  says: 'An outside address has not taken what it subscribed to for days: nothing is sent there until somebody enables it.',
  publishers: ['registry'],
  consumers: ['notifier'],
  schema: z.object({
    subscriptionId: z.string(),
    /** Grows by one each time it is disabled. */
    version: z.int().min(1),
    name: z.string(),
    /** Scheme and host only: the rest of an address may be a secret. */
    address: z.string(),
    failingSince: instant,
    error: z.string(),
    at: instant,
  }),
  example: {
    subscriptionId: '6f1d2a9be04c',
    version: 1,
    name: 'n8n',
    address: 'https://n8n.example.org',
    failingSince: '2026-11-22T08:00:00.000Z',
    error: 'it answered 500',
    at: '2026-11-27T08:00:00.000Z',
  },
});
export type SubscriptionDisabled = DataOf<typeof SubscriptionDisabled>;

/** `outside.` and what an outside system calls it: two words, the second of a-z, 0-9 and dashes. */
export const outsideSubject = z
  .string()
  .regex(/^outside\.[a-z0-9][a-z0-9-]{0,59}$/, 'a subject of your own is made like outside.invoice-paid');

/** The fact of an outside system: any JSON object. Modules of one's own and subscriptions hear of it by its subject. */
export function outsideEvent(subject: string): EventContract<z.ZodRecord<z.ZodString, z.ZodJSONSchema>> {
  return defineEvent({
    subject: outsideSubject.parse(subject),
    says: 'What an outside system says.',
    publishers: ['registry'],
    consumers: [],
    schema: z.record(z.string(), z.json()),
    example: { number: '2026-117', paid: true },
  });
}
