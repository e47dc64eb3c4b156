import { z } from 'zod';
import { instant } from '../scalars';

/** What whoever imports calls this import of theirs. */
const watch = z.string().regex(/^[\w-]{1,64}$/, 'letters, digits, - and _, up to 64');

/** `POST /api/library/import`: one of the configured sources, or a text; without either, every configured source. */
export const importBody = z
  .strictObject({
    source: z.string().max(2000).optional(),
    text: z.string().optional(),
    dryRun: z.boolean().default(false),
    /** Under which `GET /api/live` says how far it is. */
    watch: watch.optional(),
  })
  .refine((body) => !(body.source !== undefined && body.text !== undefined), 'give source or text, not both');
export type ImportBody = z.output<typeof importBody>;

/** How far an import is: an `import` event of `GET /api/live`. Of a step that has no number, `of` is 0. */
export const importProgress = z.object({
  watch,
  step: z.enum(['reading', 'waiting', 'comparing', 'writing']),
  done: z.int().nonnegative(),
  of: z.int().nonnegative(),
});
export type ImportProgress = z.output<typeof importProgress>;

const change = z.object({ id: z.string(), name: z.string() });

/** What an import changed, or would change when it is a dry run. */
export const importReport = z.object({
  dryRun: z.boolean(),
  sources: z.array(z.string()),
  created: z.array(change),
  changed: z.array(change.extend({ fields: z.array(z.string()) })),
  ownerLost: z.array(change.extend({ owner: z.string() })),
  retired: z.array(change),
  restored: z.array(change),
  unchanged: z.int(),
  people: z.array(z.string()),
  warnings: z.array(z.object({ file: z.string(), line: z.int(), message: z.string() })),
});
export type ImportReport = z.output<typeof importReport>;

/** One line of `GET /api/library/sources`: a configured library, and what came of its last import. */
export const librarySourceView = z.object({
  source: z.string(),
  processes: z.int().nullable(),
  warnings: z.array(z.object({ file: z.string(), line: z.int(), message: z.string() })),
  importedAt: instant.nullable(),
});
export type LibrarySourceView = z.output<typeof librarySourceView>;
