import { z } from 'zod';
import { outsideSubject } from '../events/outside.events';
import { instant, role } from '../scalars';

/** What an outside system may say at `/hooks/events/:subject`. */
export const saidOutside = z.union([outsideSubject, z.enum(['review.requested', 'task.reported'])]);
const eventsScope = z
  .string()
  .regex(/^events:/)
  .refine((scope) => saidOutside.safeParse(scope.slice('events:'.length)).success);

/** Scopes a token may carry; `kpi:`, `alerts:`, `tasks:` and `events:` name the one thing they open. */
export const tokenScope = z.union(
  [
    z.enum(['admin', 'read', 'library:import']),
    z.string().regex(/^(kpi|alerts|tasks):[a-z0-9][a-z0-9-]*$/),
    eventsScope,
  ],
  'a scope is admin, read, library:import, kpi:<product>, alerts:<source>, tasks:<task> or events:<subject>, where the subject is outside.<a word of your own>, review.requested or task.reported',
);
export const tokenBody = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(tokenScope).min(1),
});
/** The answer to `POST /api/tokens`: the token is shown this once. */
export const tokenView = z.object({ id: z.string(), token: z.string() });

/** One line of `GET /api/tokens`. */
export const tokenListView = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  /** The product whose token it is; null for one that belongs to none. */
  product: z.string().nullable(),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
  revokedAt: instant.nullable(),
});
export type TokenListView = z.output<typeof tokenListView>;

export const sessionBody = z.strictObject({ code: z.string().min(16).max(200) });

/** `POST /api/session/link`: shown this once. */
export const adminLinkView = z.object({ url: z.string() });
export type AdminLinkView = z.output<typeof adminLinkView>;

/** Who sends a request, as `GET /api/session` says it. */
export const principalView = z.object({
  name: z.string(),
  /** The person; null for the first admin and for a token. */
  handle: z.string().nullable(),
  role: z.union([role, z.literal('none')]),
  scopes: z.array(z.string()),
  via: z.enum(['token', 'session']),
});
export type PrincipalView = z.output<typeof principalView>;

/** One line of `GET /api/sessions`: an admin sees all, anybody else their own. */
export const sessionView = z.object({
  id: z.string(),
  name: z.string(),
  handle: z.string().nullable(),
  role,
  createdAt: instant,
  lastSeenAt: instant,
  expiresAt: instant,
  /** What the browser said of itself when it logged in. */
  device: z.string().nullable(),
  /** Whether this request was sent by it. */
  current: z.boolean(),
});
export type SessionView = z.output<typeof sessionView>;
