import { z } from 'zod';

const counts = z.record(z.string(), z.number().int().min(0));

const facts = z.object({
  /** Migrations applied, by schema. */
  migrations: counts,
  /** Rows, by `schema.table`. */
  rows: counts,
  /** Roles that own or may do something: they must be there before it is restored. */
  roles: z.array(z.string()),
});

/** What is in a database, as far as a restored one must have it again. */
export type Facts = z.output<typeof facts>;

const manifest = facts.extend({
  format: z.literal(1),
  name: z.string(),
  /** Of the snapshot, to the microsecond. */
  takenAt: z.string(),
  /** Version of Recert, and of the PostgreSQL that it was taken from, such as 170002. */
  recert: z.string(),
  postgres: z.number().int(),
  /** Of the encrypted dump, in bytes. */
  size: z.number().int().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What is known of a backup without its key; it lies beside the dump, readable. */
export type Manifest = z.output<typeof manifest>;

/** @returns null where the text is no manifest that this version understands */
export function readManifest(text: string): Manifest | null {
  try {
    return manifest.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** 17 of 170002. */
export const majorOf = (version: number): number => Math.floor(version / 10_000);

/** How a restored database differs from what was backed up, a sentence each; nothing where it is the same. */
export function differences(wanted: Facts, found: Facts): string[] {
  return [
    ...compare(
      wanted.migrations,
      found.migrations,
      (schema, was, is) => `schema ${schema} has ${is} migrations, not ${was}`,
    ),
    ...compare(wanted.rows, found.rows, (table, was, is) => `table ${table} has ${is} rows, not ${was}`),
  ];
}

type Counts = Readonly<Record<string, number>>;

function compare(wanted: Counts, found: Counts, says: (name: string, was: string, is: string) => string): string[] {
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(found)])].sort();
  return names
    .filter((name) => wanted[name] !== found[name])
    .map((name) => says(name, String(wanted[name] ?? 'none'), String(found[name] ?? 'none')));
}
