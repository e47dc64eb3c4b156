import { z } from 'zod';
import { alertKind, alertSeverity, alertStatus, instant, productId } from '../scalars';
import { pageQuery } from './problem';

export const alertQuery = pageQuery.extend({
  /** `open` is everything that is not resolved. */
  status: z.union([alertStatus, z.literal('open')]).optional(),
  product: z.string().max(60).optional(),
  source: z.string().max(60).optional(),
  severity: alertSeverity.optional(),
  /** Newest first where it is missing; `critical` has those that are critical before all others. */
  first: z.literal('critical').optional(),
});
export type AlertQuery = z.output<typeof alertQuery>;

/** One alert as the HTTP API shows it, newest first in a list. */
export const alertView = z.object({
  id: z.string(),
  version: z.int(),
  source: z.string(),
  product: z.string().nullable(),
  kind: alertKind,
  severity: alertSeverity,
  title: z.string(),
  detail: z.string().nullable(),
  link: z.string().nullable(),
  count: z.int(),
  status: alertStatus,
  startedAt: instant,
  lastAt: instant,
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: instant.nullable(),
  snoozedUntil: instant.nullable(),
  heldBy: z.string().nullable(),
  resolvedAt: instant.nullable(),
  resolvedBy: z.string().nullable(),
  /** Whether whoever asks may acknowledge, snooze and resolve it: admins, and the people of its product. */
  mayAct: z.boolean(),
  /** Seconds from its start to its end, or to now. */
  durationSeconds: z.int(),
});
export type AlertView = z.output<typeof alertView>;

/** `POST /api/alerts/:id/snooze`: for so many hours, or without them until it recovers. */
export const snoozeBody = z.strictObject({ hours: z.number().positive().max(720).optional() });

/** `POST /api/alerts/test`: the product of which a test is raised. */
export const testAlertBody = z.strictObject({ product: productId });

/** `POST /hooks/alerts/generic`: what a script of one's own sends. */
export const genericAlertBody = z.object({
  title: z.string().trim().min(1),
  severity: z.string().optional(),
  /** The same key is the same alert; without one the title is. */
  key: z.union([z.string(), z.number()]).optional(),
  /** `firing` where it is missing. */
  status: z.string().optional(),
  url: z.string().nullish(),
  detail: z.string().nullish(),
  product: z.string().nullish(),
});
