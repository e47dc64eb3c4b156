import { randomBytes } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { serviceNames } from '@recert/contracts';

/** What the person who sets Recert up has said. */
export interface Answers {
  /** Address under which people reach it. */
  readonly publicUrl: string;
  /** Null where there is no bot yet. */
  readonly telegramToken: string | null;
  /** A path of this machine, an address, a git repository; null for none yet. */
  readonly library: string | null;
  /** IANA zone of the organisation. */
  readonly timezone: string;
}

const SERVICES = serviceNames.map((name) => name.toUpperCase().replaceAll('-', '_'));

/** 192 bits, beginning with a letter: the configuration of NATS takes digits for a number. */
function secret(): string {
  return `s${randomBytes(24).toString('hex')}`;
}

/**
 * The `.env` that docker-compose.yml reads.
 * @param isFolder whether the library is a folder of this machine, null where it is no path of it
 */
export function envFile({ publicUrl, telegramToken, library, timezone }: Answers, isFolder: boolean | null): string {
  const passwords = SERVICES.flatMap((service) => [
    `${service}_DB_PASSWORD=${secret()}`,
    `${service}_NATS_PASSWORD=${secret()}`,
  ]);
  return [
    '# Written by `recert init`. It holds secrets: keep it readable for you alone, and in no repository.',
    '# What else can be set is in docs/operations.md.',
    '',
    `PUBLIC_URL=${quoted(publicUrl)}`,
    `ORG_TIMEZONE=${timezone}`,
    '',
    '# From @BotFather. Without it questions wait in the inbox of the console.',
    `TELEGRAM_BOT_TOKEN=${telegramToken ?? ''}`,
    '',
    '# The process library: a path below LIBRARY_FOLDER, an address, or a git repository.',
    ...libraryLines(library, isFolder),
    '',
    '# Where Recert reports its own errors, without personal data: a DSN of Sentry.',
    '#SENTRY_DSN=',
    '',
    '# All rights over HTTP, for the first steps and for `recert`.',
    `RECERT_ADMIN_TOKEN=${secret()}`,
    '',
    '# Backups, in docs/operations.md: `recert backup key` makes the key; BACKUP_TO may be s3://bucket/prefix.',
    'BACKUP_RECIPIENT=',
    'BACKUP_TO=',
    '',
    `POSTGRES_PASSWORD=${secret()}`,
    ...passwords,
    '',
  ].join('\n');
}

/** Within the registry's container a path of this machine lies below /library. */
function libraryLines(library: string | null, isFolder: boolean | null): string[] {
  if (library === null) return ['LIBRARY='];
  if (isFolder === null) return [`LIBRARY=${quoted(library)}`];
  const folder = isFolder ? library : dirname(library);
  const within = isFolder ? '/library' : `/library/${basename(library)}`;
  return [`LIBRARY_FOLDER=${quoted(folder)}`, `LIBRARY=${quoted(within)}`];
}

/** In single quotes Compose takes everything as it stands. */
function quoted(text: string): string {
  return /^[\w./:@+-]*$/.test(text) ? text : `'${text.replaceAll("'", "\\'")}'`;
}
