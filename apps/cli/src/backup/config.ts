import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Environment } from '../api';
import { UsageError } from '../exit-codes';

const DAYS_KEPT = 14;

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

const shape = {
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'expected something like postgres://postgres:password@host:5432/recert')
    .describe(
      'The database, as its superuser, e.g. postgres://postgres:secret@127.0.0.1:5432/recert. An `npm start` without one is ' +
        'backed up otherwise: stop it and copy its folder .data (RECERT_DATA)',
    ),
  BACKUP_RECIPIENT: list
    .refine(
      (all) => all.length > 0 && all.every((key) => /^age1[0-9a-z]+$/.test(key)),
      'expected age1..., or several with commas between',
    )
    .describe('Backups are made encrypted only: `recert backup key` makes a key, and this is its public half'),
  BACKUP_TO: z.string().describe('Where backups lie: a folder, or s3://bucket/prefix'),
  BACKUP_KEEP: z.coerce
    .number('expected a number of at least 1')
    .int('expected a whole number')
    .min(1, 'at least 1: the last backup is never removed')
    .default(DAYS_KEPT)
    .describe('How many backups stay'),
  /** A file with the secret half is named by `--identity` or BACKUP_IDENTITY_FILE. */
  BACKUP_IDENTITY: z.string().describe('The secret half of the key, AGE-SECRET-KEY-1..., or --identity FILE'),
  BACKUP_STAGING: z.string().optional().describe('Folder in which a dump is written before it is sent to s3://'),
  BACKUP_TASK_TOKEN: z.string().optional().describe('Token of the task `backup` of the hub'),
  S3_ENDPOINT: z
    .string()
    .regex(/^https?:\/\/[^\s/]+\/*$/, 'expected something like https://fra1.digitaloceanspaces.com')
    .describe('Address of the S3-compatible store without the bucket, e.g. https://fra1.digitaloceanspaces.com'),
  S3_REGION: z.string().default('us-east-1').describe('Region that requests are signed for'),
  S3_ACCESS_KEY_ID: z.string().describe('Access key of the S3-compatible store'),
  S3_SECRET_ACCESS_KEY: z.string().describe('Secret of the access key'),
} satisfies z.ZodRawShape;

type Settings = { [Name in keyof typeof shape]: z.output<(typeof shape)[Name]> };

/**
 * One setting of the environment; `NAME_FILE` names a file that holds it, and an empty one counts as absent.
 * @throws UsageError that says what it is for; it never holds the value, which may be a secret
 */
export function setting<Name extends keyof Settings>(environment: Environment, name: Name): Settings[Name] {
  const schema: z.ZodType = shape[name];
  const given = environment[name] || fromFile(environment, name);
  const result = schema.safeParse(given);
  if (result.success) return result.data as Settings[Name];
  const trouble = given === undefined ? 'is missing' : `is malformed (${result.error.issues[0]!.message})`;
  throw new UsageError(`${name} ${trouble}. ${schema.description}.`);
}

function fromFile(environment: Environment, name: string): string | undefined {
  const file = environment[`${name}_FILE`];
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new UsageError(`${name}_FILE cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
}

/** Where PATH leads, for programs of PostgreSQL; nothing else of the environment reaches them. */
export const pathOf = (environment: Environment): string => environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
