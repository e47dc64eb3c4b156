import { z } from 'zod';

/** An instant, ISO 8601 with an offset, e.g. `2026-11-22T09:00:00.000Z`. */
export const instant = z.iso.datetime({ offset: true });
/** A process id: the slug of its path in the library. */
export const processId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,119}$/, 'a process id is a slug such as hiring-evaluate-candidates');
/** A person's handle, as written after `owner:` in the library. */
export const handle = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'a handle is made of a-z, 0-9, dot, dash and underscore');
/** A product id: the slug of its name, as it stands in the address of its webhook. */
export const productId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'a product id is a slug such as lugha');
/** A task id: the slug of its name, or the durable name of a handler such as `registry.open-review-when-process-is-due`. */
export const taskId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,119}$/, 'a task id is made of a-z, 0-9, dots and dashes such as nightly-backup');
/** A week of ISO 8601, e.g. `2026-W53`. Whether its year has a week 53 is checked where weeks are counted. */
export const isoWeek = z.string().regex(/^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$/, 'expected an ISO week such as 2026-W47');
/** A number that only grows per subject of interest: a late or repeated event is known by it. */
export const version = z.int().min(1);

export const processStatus = z.enum(['uncertified', 'due', 'updating', 'overdue', 'certified', 'retired']);
export const reviewReason = z.enum([
  'first-review',
  'period-over',
  'asked',
  'campaign',
  'record-edited',
  'record-updated',
  'owner-changed',
  'not-updated',
  'incident',
  'reported',
]);
export const answer = z.enum(['correct', 'needs-update', 'not-mine', 'later']);
/** Where an answer was given. */
export const channel = z.enum(['telegram', 'inbox', 'http']);
export const alertKind = z.enum(['error', 'uptime', 'metric', 'cron', 'other']);
export const alertSeverity = z.enum(['critical', 'warning', 'info']);
/** `snoozed` ends by itself, at its end or when the alert recovers. */
export const alertStatus = z.enum(['firing', 'acknowledged', 'snoozed', 'resolved']);
export const role = z.enum(['viewer', 'owner', 'admin']);

export type ProcessStatus = z.output<typeof processStatus>;
export type ReviewReason = z.output<typeof reviewReason>;
export type Answer = z.output<typeof answer>;
export type Channel = z.output<typeof channel>;
export type Role = z.output<typeof role>;
export type AlertKind = z.output<typeof alertKind>;
export type AlertSeverity = z.output<typeof alertSeverity>;
export type AlertStatus = z.output<typeof alertStatus>;
