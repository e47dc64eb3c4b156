import { z } from 'zod';
import { handle, instant, role } from '../scalars';

export const personView = z.object({
  handle: z.string(),
  name: z.string(),
  roles: z.array(role),
  active: z.boolean(),
  /** Whether a Telegram account is linked, and if it was lost, why. */
  telegram: z.object({ linked: z.boolean(), since: instant.nullable(), lost: z.string().nullable() }),
  /** Processes that are not retired. */
  owns: z.int(),
  deputyOf: z.int(),
});
export type PersonView = z.output<typeof personView>;

export const personBody = z.strictObject({
  handle,
  name: z.string().trim().min(1).max(200),
  roles: z.array(role).default(['owner']),
});
export type PersonBody = z.output<typeof personBody>;

export const personPatch = z.strictObject({
  name: z.string().trim().min(1).max(200).optional(),
  roles: z.array(role).optional(),
  active: z.boolean().optional(),
});

/** `url` ends in `?start=<code>`; it is shown once and works once. */
export const invitationView = z.object({ url: z.string(), expiresAt: instant });
