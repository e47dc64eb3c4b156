import { z } from 'zod';
import { type EventContract } from '../event';
import { AlertAcknowledged, AlertRaised, AlertResolved } from '../events/alert.events';
import { KpiMissed, KpiReceived } from '../events/kpi.events';
import { outsideEvent, outsideSubject } from '../events/outside.events';
import {
  OwnerResponse,
  ProcessCertified,
  ProcessDue,
  ProcessOverdue,
  ProcessRegistered,
  ProcessRetired,
  ReviewRequested,
} from '../events/process.events';
import { ProductRegistered } from '../events/product.events';
import { ReleaseReported } from '../events/release.events';
import { TaskDown, TaskRecovered, TaskRegistered, TaskReported } from '../events/task.events';
import { instant, processId, reviewReason, taskId } from '../scalars';
import { pageQuery } from './problem';

/** What an outside address may hear of, besides `outside.*`. People, logins, sessions, tokens and telemetry stay inside. */
const subscribableEvents: ReadonlyMap<string, EventContract> = new Map(
  [
    ...[ProcessRegistered, ProcessRetired, ReviewRequested, ProcessDue, ProcessOverdue, OwnerResponse],
    ...[ProcessCertified, ProductRegistered, KpiReceived, KpiMissed, AlertRaised, AlertResolved, AlertAcknowledged],
    ...[ReleaseReported, TaskRegistered, TaskReported, TaskDown, TaskRecovered],
  ].map((event) => [event.subject, event as EventContract]),
);
/** Stands for every subject of outside systems, also of those that nobody has used yet. */
export const ALL_OUTSIDE = 'outside.*';
const ALL = '.*';

/** The event that may be sent outside under this subject; null for what stays inside and for what does not exist. */
export function subscribableEvent(subject: string): EventContract | null {
  if (outsideSubject.safeParse(subject).success) return outsideEvent(subject);
  return subscribableEvents.get(subject) ?? null;
}

/**
 * The subjects that a subscription names, such as `kpi.received` or `alert.*`.
 * @param outside what outside systems have used so far
 */
export function subjectsOf(pattern: string, outside: readonly string[]): string[] {
  if (!pattern.endsWith(ALL)) return subscribableEvent(pattern) === null ? [] : [pattern];
  return [...subscribableEvents.keys(), ...outside].filter((subject) => patternsOf(subject).includes(pattern));
}

/** The names under which a subscription may want this subject. */
export function patternsOf(subject: string): [exact: string, family: string] {
  return [subject, subject.slice(0, subject.indexOf('.')) + ALL];
}

/** @returns what is wrong with the subjects of a subscription, naming what is possible; null when nothing is */
export function faultOfSubjects(patterns: readonly string[]): string | null {
  const isKnown = (pattern: string): boolean => pattern === ALL_OUTSIDE || subjectsOf(pattern, []).length > 0;
  const unknown = patterns.find((pattern) => !isKnown(pattern));
  if (unknown === undefined) return null;
  const families = new Set([...subscribableEvents.keys()].map((subject) => patternsOf(subject)[1]));
  const possible = [...subscribableEvents.keys(), 'outside.<a word of your own>', ...families, ALL_OUTSIDE];
  return `"${unknown}" cannot be subscribed to; possible are ${possible.join(', ')}`;
}

const subscriptionName = z.string().trim().min(1).max(100);
const subscriptionUrl = z
  .string()
  .max(2_000)
  .regex(/^https?:\/\/[^\s]+$/i, 'expected an address such as https://n8n.example.org/webhook/recert');
const subscriptionSubjects = z.array(z.string().max(80)).min(1).max(50);

/** `POST /api/subscriptions`: where what is sent. */
export const subscriptionBody = z.strictObject({
  name: subscriptionName,
  url: subscriptionUrl,
  /** Such as `kpi.received` or `alert.*`. */
  subjects: subscriptionSubjects,
});
export type SubscriptionBody = z.output<typeof subscriptionBody>;

/** `PATCH /api/subscriptions/:id`: only the named fields change. `active: true` also takes up one that was disabled. */
export const subscriptionPatch = z
  .strictObject({
    name: subscriptionName.optional(),
    url: subscriptionUrl.optional(),
    subjects: subscriptionSubjects.optional(),
    active: z.boolean().optional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, 'name at least one field');
export type SubscriptionPatch = z.output<typeof subscriptionPatch>;

/**
 * `disabled` after days of failure: nothing is sent, what comes waits until somebody sets `active`. `off` by an admin:
 * nothing is sent and nothing more is gathered.
 */
export const subscriptionState = z.enum(['active', 'disabled', 'off']);
export type SubscriptionState = z.output<typeof subscriptionState>;

export const subscriptionView = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  subjects: z.array(z.string()),
  state: subscriptionState,
  createdAt: instant,
  lastSuccessAt: instant.nullable(),
  /** What went wrong last, also where it went well since then. */
  lastError: z.object({ at: instant, error: z.string() }).nullable(),
  /** Since when nothing has arrived though it was tried; null while all is well. */
  failingSince: instant.nullable(),
  disabledAt: instant.nullable(),
  /** How many deliveries are still to arrive. */
  waiting: z.int(),
  /** How many were given up unsent because too many waited, or for too long. */
  dropped: z.int(),
  /** Until when the secret before this one signs too; null when there is none. */
  oldSecretUntil: instant.nullable(),
});
export type SubscriptionView = z.output<typeof subscriptionView>;

/** The signing secret, which is shown this once: `whsec_` and base64. */
export const subscriptionSecret = z.object({ secret: z.string() });
/** The answer to `POST /api/subscriptions`. */
export const newSubscriptionView = subscriptionView.extend(subscriptionSecret.shape);
export type NewSubscriptionView = z.output<typeof newSubscriptionView>;

export const subscriptionDeliveryState = z.enum(['waiting', 'sending', 'sent', 'failed']);
export type SubscriptionDeliveryState = z.output<typeof subscriptionDeliveryState>;

/** `GET /api/subscriptions/:id/deliveries`: newest first. */
export const subscriptionDeliveryQuery = pageQuery.extend({ state: subscriptionDeliveryState.optional() });

export const subscriptionDeliveryView = z.object({
  /** The event's id. */
  id: z.uuid(),
  subject: z.string(),
  state: subscriptionDeliveryState,
  attempts: z.int(),
  /** The last answer's HTTP status; null when there was none. */
  status: z.int().nullable(),
  /** What went wrong last. */
  error: z.string().nullable(),
  createdAt: instant,
  /** When it is sent next; null when it is not going to be. */
  nextAttemptAt: instant.nullable(),
  /** When it arrived or was given up. */
  settledAt: instant.nullable(),
});
export type SubscriptionDeliveryView = z.output<typeof subscriptionDeliveryView>;

/** The answer to `POST /api/subscriptions/:id/test`: which delivery to look at. */
export const subscriptionTestView = z.object({ delivery: z.uuid() });

/** `POST /hooks/events/review.requested`: what an outside system has to say of a review it wants. */
export const outsideReviewBody = z.object({ processId, reason: reviewReason.default('incident') });
/** `POST /hooks/events/task.reported`. */
export const outsideTaskBody = z.object({
  taskId,
  status: z.enum(['start', 'success', 'fail']),
  /** When it happened; now where it is missing. */
  at: instant.optional(),
  log: z.string().max(20_000).nullable().default(null),
});
