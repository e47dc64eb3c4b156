import { z } from 'zod';
import { defineEvent, serviceNames, type DataOf } from '../event';
import { handle, instant, productId, version } from '../scalars';

export const ProductRegistered = defineEvent({
  subject: 'product.registered',
  says: "A product's full present state, on create and on every change; the highest version wins.",
  publishers: ['registry'],
  consumers: ['kpi-ingest', 'alert-relay', 'notifier'],
  schema: z.object({
    productId,
    version,
    name: z.string(),
    owner: handle,
    /** Who hears of it first; without any, all admins do. */
    admins: z.array(handle),
    url: z.string().nullable(),
    repository: z.string().nullable(),
    /** Slug or id of its project in Sentry. */
    sentryProject: z.string().nullable(),
    /** Its own week: an IANA zone, and when the KPIs of a week are due in the week after, as `mon 12:00`. */
    week: z.object({ timezone: z.string(), dueBy: z.string() }),
    active: z.boolean(),
  }),
  example: {
    productId: 'lugha',
    version: 1,
    name: 'Lugha',
    owner: 'ada',
    admins: ['carol'],
    url: 'https://lugha.example.org',
    repository: 'https://github.com/acme/lugha',
    sentryProject: 'lugha',
    week: { timezone: 'Europe/Berlin', dueBy: 'mon 12:00' },
    active: true,
  },
});
export type ProductRegistered = DataOf<typeof ProductRegistered>;

export const TokenChanged = defineEvent({
  subject: 'token.changed',
  says: 'An API token was made or revoked: what it opens, and the hash of its secret, never the secret itself.',
  publishers: ['registry'],
  consumers: ['scheduler', 'notifier', 'kpi-ingest', 'alert-relay'],
  schema: z.object({
    tokenId: z.string(),
    /** 1 when it was made, 2 when it was revoked. */
    version,
    name: z.string(),
    /** SHA-256 (hex) of the secret. */
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    scopes: z.array(z.string()),
    /** The product whose token it is: what comes by it is about this product. */
    product: productId.nullable(),
    active: z.boolean(),
  }),
  example: {
    tokenId: '6f1d2a9be04c',
    version: 1,
    name: 'lugha',
    hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    scopes: ['kpi:lugha', 'alerts:generic'],
    product: 'lugha',
    active: true,
  },
});
export type TokenChanged = DataOf<typeof TokenChanged>;

export const TokenUsed = defineEvent({
  subject: 'token.used',
  says: 'Somebody came in by these API tokens: of each its latest use at one service, told once a minute at most.',
  publishers: serviceNames,
  consumers: ['registry'],
  schema: z.object({
    /** Each token once. */
    uses: z
      .array(z.object({ tokenId: z.string(), at: instant }))
      .min(1)
      .max(1_000),
  }),
  example: { uses: [{ tokenId: '6f1d2a9be04c', at: '2026-11-27T09:00:00.000Z' }] },
});
export type TokenUsed = DataOf<typeof TokenUsed>;
