import { readFileSync } from 'node:fs';
import { backupsIn } from '../backup/backups-in';
import { setting } from '../backup/config';
import { newKey } from '../backup/encryption';
import { type Made, makeBackup } from '../backup/make-backup';
import { type Manifest } from '../backup/manifest';
import { findBackup, type Opened } from '../backup/open-backup';
import { type Place, placeAt } from '../backup/place';
import { reportTo } from '../backup/report-run';
import { restoreBackup } from '../backup/restore-backup';
import { rehearse, verifyBackup } from '../backup/verify-backup';
import { type Call, type Command } from '../command';
import { UsageError } from '../exit-codes';

const PLACE = 'a folder or s3://bucket/prefix, by default BACKUP_TO';
const OPENING = {
  from: { value: 'PLACE', says: PLACE },
  identity: { value: 'FILE', says: 'file with the secret key, by default BACKUP_IDENTITY itself' },
};

export const backupCommands: readonly Command[] = [
  {
    name: 'backup',
    says: 'Dump the database of DATABASE_URL, encrypted for BACKUP_RECIPIENT',
    options: {
      to: { value: 'PLACE', says: PLACE },
      keep: { value: 'N', says: 'how many backups stay, by default BACKUP_KEEP or 14' },
    },
    run: backup,
  },
  { name: 'backup list', says: 'List the backups', options: { from: OPENING.from }, run: list },
  { name: 'backup key', says: 'Make the pair of keys that backups are encrypted with', run: key },
  {
    name: 'backup verify',
    says: 'Open a backup, or the latest, and read all of it',
    args: ['NAME'],
    options: {
      ...OPENING,
      into: { value: 'DATABASE', says: 'restore it there besides, count what is in it, and remove it again' },
    },
    run: verify,
  },
  {
    name: 'restore',
    says: 'Put a backup, or the latest, in the place of the database; that one stays under another name',
    args: ['NAME'],
    options: OPENING,
    run: restore,
  },
];

async function backup({ print, text, environment }: Call): Promise<void> {
  const report = reportTo(environment, (line) => print.complaint(line));
  const began = performance.now();
  await report('start');
  let made: Made;
  try {
    const keep = setting(
      { ...environment, ...(text('keep') !== undefined && { BACKUP_KEEP: text('keep') }) },
      'BACKUP_KEEP',
    );
    made = await makeBackup(placeOf(text('to'), environment), keep, environment);
  } catch (error) {
    await report('fail', (error as Error).message);
    throw error;
  }
  const { manifest, removed, trouble } = made;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const line = `${manifest.name}: ${sizeOf(manifest.size)} in ${seconds} s`;
  print.result(manifest, () => print.line(line));
  if (removed.length > 0 && !print.json) print.line(`Removed: ${removed.join(', ')}`);
  if (trouble !== null) print.complaint(`It is complete, but older ones could not be removed: ${trouble}`);
  await report('success', trouble === null ? line : `${line}\n${trouble}`);
}

async function list({ print, text, environment }: Call): Promise<void> {
  const backups = backupsIn(await placeOf(text('from'), environment).list());
  print.table(
    backups.map(({ name, takenAt, size, complete }) => ({ name, takenAt, size, complete })),
    {
      NAME: ({ name }) => name,
      SIZE: ({ size }) => sizeOf(size),
      STATE: ({ complete }) => (complete ? 'complete' : 'broke off'),
    },
    'There are no backups yet.',
  );
}

async function key({ print }: Call): Promise<void> {
  const pair = await newKey();
  print.result(pair, ({ identity, recipient }) => {
    print.line('The secret key, shown this once. Keep it away from this machine: without it no backup can be opened.');
    print.line(`  ${identity}`);
    print.line('For .env, which only makes backups and opens none:');
    print.line(`  BACKUP_RECIPIENT=${recipient}`);
  });
}

async function verify(call: Call): Promise<void> {
  const { print, text, environment } = call;
  const opened = await open(call);
  const { manifest } = opened;
  await verifyBackup(opened, environment);
  const into = text('into');
  if (into !== undefined) await rehearse(opened, into, environment);
  print.result(manifest, () => {
    print.line(`${manifest.name} can be opened, and all of it be read: ${contentOf(manifest)}.`);
    if (into !== undefined) print.line(`It was restored into ${into}, which had all of that, and was removed again.`);
  });
}

async function restore(call: Call): Promise<void> {
  const { print, environment } = call;
  const opened = await open(call);
  const restored = await restoreBackup(opened, environment, new Date());
  print.result(restored, ({ database, before, goBack, drop }) => {
    print.line(`${database} is now ${opened.manifest.name}: ${contentOf(opened.manifest)}.`);
    print.line(`The database of before is ${before}. Start the services and look.`);
    print.line('To go back, stop them again, then in psql as the superuser, in the database postgres:');
    for (const statement of goBack) print.line(`  ${statement};`);
    print.line('To stay, when all is well:');
    print.line(`  ${drop};`);
  });
}

function placeOf(given: string | undefined, environment: Call['environment']): Place {
  return placeAt(given ?? setting(environment, 'BACKUP_TO'), environment);
}

async function open({ text, args, environment }: Call): Promise<Opened> {
  const place = placeOf(text('from'), environment);
  const identity = identityOf(text('identity'), environment);
  return { place, identity, manifest: await findBackup(place, args[0]!) };
}

function identityOf(file: string | undefined, environment: Call['environment']): string {
  if (file === undefined) return setting(environment, 'BACKUP_IDENTITY');
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `--identity ${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    );
  }
}

function contentOf({ migrations, rows, takenAt }: Manifest): string {
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  return `${total} rows in ${Object.keys(rows).length} tables of ${Object.keys(migrations).join(', ') || 'no service'}, of ${takenAt.slice(0, 19)}Z`;
}

const UNITS = ['bytes', 'KB', 'MB', 'GB'] as const;

function sizeOf(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}
