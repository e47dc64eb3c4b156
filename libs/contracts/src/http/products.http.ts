import { z } from 'zod';
import { handle, productId } from '../scalars';

/** A product's own week. `dueBy` is a day of the week after and a time there, e.g. `mon 12:00`. */
export const productWeek = z.strictObject({
  timezone: z.string().max(60).optional(),
  dueBy: z.string().max(40).optional(),
});

const webAddress = z
  .string()
  .max(500)
  .regex(/^https?:\/\/[^\s]+$/, 'expected an address such as https://lugha.example.org');

/** `POST /api/products`. */
export const productBody = z.strictObject({
  name: z.string().trim().min(1).max(100),
  /** Made of the name where it is missing. */
  id: productId.optional(),
  owner: handle,
  admins: z.array(handle).max(20).default([]),
  url: webAddress.optional(),
  repository: webAddress.optional(),
  sentryProject: z.string().trim().min(1).max(100).optional(),
  week: productWeek.default({}),
});
export type ProductBody = z.output<typeof productBody>;

/** `PATCH /api/products/:id`: only the named fields change; a null takes one away. */
export const productPatch = z
  .strictObject({
    name: z.string().trim().min(1).max(100).optional(),
    owner: handle.optional(),
    admins: z.array(handle).max(20).optional(),
    url: webAddress.nullable().optional(),
    repository: webAddress.nullable().optional(),
    sentryProject: z.string().trim().min(1).max(100).nullable().optional(),
    week: productWeek.optional(),
    active: z.boolean().optional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, 'name at least one field');
export type ProductPatch = z.output<typeof productPatch>;

/** The addresses that a product's token opens. */
export const productHooks = z.object({ kpi: z.string(), alerts: z.string(), sentry: z.string() });

export const productView = z.object({
  id: z.string(),
  name: z.string(),
  owner: z.string(),
  admins: z.array(z.string()),
  url: z.string().nullable(),
  repository: z.string().nullable(),
  sentryProject: z.string().nullable(),
  week: z.object({ timezone: z.string(), dueBy: z.string() }),
  active: z.boolean(),
  version: z.int(),
  hooks: productHooks,
});
export type ProductView = z.output<typeof productView>;

/** The answer to `POST /api/products`: the token is shown this once. */
export const productCreated = productView.extend({ tokenId: z.string(), token: z.string() });
export type ProductCreated = z.output<typeof productCreated>;
