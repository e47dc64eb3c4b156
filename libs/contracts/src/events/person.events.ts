import { z } from 'zod';
import { defineEvent, type DataOf } from '../event';
import { handle, instant, role, version } from '../scalars';

export const PersonChanged = defineEvent({
  subject: 'person.changed',
  says: "A person's full present state: handle, roles, deputy, whether active, and an open invitation.",
  publishers: ['registry'],
  consumers: ['notifier'],
  schema: z.object({
    handle,
    version,
    name: z.string(),
    roles: z.array(role),
    active: z.boolean(),
    /** SHA-256 (hex) of the code in the invitation link, never the code itself. */
    invitation: z.object({ codeHash: z.string(), expiresAt: instant }).nullable(),
  }),
  example: {
    handle: 'ada',
    version: 2,
    name: 'Ada',
    roles: ['owner'],
    active: true,
    invitation: { codeHash: '9f86d081884c7d659a2feaa0c55ad015', expiresAt: '2026-11-21T09:22:00.000Z' },
  },
});
export type PersonChanged = DataOf<typeof PersonChanged>;

export const PersonLinked = defineEvent({
  subject: 'person.linked',
  says: "A person's Telegram account was linked or lost (blocked, deactivated), or a bot came up under a name.",
  publishers: ['notifier'],
  consumers: ['registry', 'notifier'],
  schema: z.discriminatedUnion('what', [
    z.object({ what: z.literal('linked'), handle, at: instant, channel: z.literal('telegram'), account: z.string() }),
    z.object({ what: z.literal('lost'), handle, at: instant, channel: z.literal('telegram'), reason: z.string() }),
    z.object({ what: z.literal('bot-up'), username: z.string(), at: instant }),
  ]),
  example: { what: 'linked', handle: 'ada', at: '2026-11-21T09:15:00.000Z', channel: 'telegram', account: '100001' },
});
export type PersonLinked = DataOf<typeof PersonLinked>;

export const LoginOffered = defineEvent({
  subject: 'login.offered',
  says: 'A linked account asked for a login link and was given one, whose code works once and soon expires.',
  publishers: ['notifier'],
  consumers: ['registry'],
  schema: z.object({
    handle,
    /** SHA-256 (hex) of the code in the link, never the code itself. */
    codeHash: z.string().regex(/^[0-9a-f]{64}$/),
    offeredAt: instant,
    expiresAt: instant,
  }),
  example: {
    handle: 'ada',
    codeHash: '9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015',
    offeredAt: '2026-11-21T09:15:00.000Z',
    expiresAt: '2026-11-21T09:20:00.000Z',
  },
});
export type LoginOffered = DataOf<typeof LoginOffered>;

export const SessionChanged = defineEvent({
  subject: 'session.changed',
  says: 'A browser logged in, was given another role with its person, or was logged out: so every service knows it itself.',
  publishers: ['registry'],
  consumers: ['scheduler', 'notifier', 'kpi-ingest', 'alert-relay'],
  schema: z.object({
    sessionId: z.string(),
    version,
    /** SHA-256 (hex) of the cookie. */
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    name: z.string(),
    handle: handle.nullable(),
    role,
    expiresAt: instant,
    active: z.boolean(),
  }),
  example: {
    sessionId: '6f1d2a9be04c',
    version: 1,
    hash: '9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015',
    name: 'ada',
    handle: 'ada',
    role: 'owner',
    expiresAt: '2026-12-21T09:15:00.000Z',
    active: true,
  },
});
export type SessionChanged = DataOf<typeof SessionChanged>;
