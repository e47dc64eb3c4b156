import { z } from 'zod';
import { defineEvent, type DataOf } from '../event';
import { instant, productId } from '../scalars';

export const releaseState = z.enum(['started', 'deployed', 'failed', 'rolled-back']);
export type ReleaseState = z.output<typeof releaseState>;

export const ReleaseReported = defineEvent({
  subject: 'release.reported',
  says: 'A release of a product, or of a service of this installation, has come so far. Its full present state.',
  publishers: ['registry'],
  consumers: ['notifier'],
  schema: z.object({
    /** One release, whatever is said of it; the same from its start to its end. */
    releaseId: z.string(),
    /** Grows with everything that is said of this release. */
    version: z.int().min(1),
    productId: productId.nullable(),
    /** What is released, for people: the product's name, or what the sender calls it. */
    name: z.string(),
    repository: z.string().nullable(),
    commit: z.string().nullable(),
    /** As people call it: a tag or a number. */
    release: z.string().nullable(),
    environment: z.string().nullable(),
    state: releaseState,
    by: z.string().nullable(),
    url: z.string().nullable(),
    startedAt: instant.nullable(),
    at: instant,
    /** What went wrong, at its end. */
    log: z.string().nullable(),
  }),
  example: {
    releaseId: 'github acme/lugha deployment 1',
    version: 2,
    productId: 'lugha',
    name: 'Lugha',
    repository: 'https://github.com/acme/lugha',
    commit: '5f2c9a1d',
    release: 'v1.4.0',
    environment: 'production',
    state: 'deployed',
    by: 'ada',
    url: 'https://github.com/acme/lugha/actions/runs/1',
    startedAt: '2026-11-27T08:00:00.000Z',
    at: '2026-11-27T08:02:10.000Z',
    log: null,
  },
});
export type ReleaseReported = DataOf<typeof ReleaseReported>;
