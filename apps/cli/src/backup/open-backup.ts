import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type Environment } from '../api';
import { FailedError } from '../exit-codes';
import { dumpFile, manifestFile } from './backup-name';
import { type BackupThere, backupsIn } from './backups-in';
import { sumOf, whyNotWhole } from './checksum';
import { pathOf } from './config';
import { decryptionBy } from './encryption';
import { type Manifest, readManifest } from './manifest';
import { type Place } from './place';
import { startProgram } from './postgres-program';

/** A backup that was found, and the key that may open it. */
export interface Opened {
  readonly place: Place;
  readonly manifest: Manifest;
  readonly identity: string;
}

/**
 * Finds a backup by its name, or the newest by `latest`.
 * @throws FailedError when there is none, or it is not complete
 */
export async function findBackup(place: Place, wanted: string): Promise<Manifest> {
  const all = backupsIn(await place.list());
  const name = wanted.replace(/\.(dump\.age|json)$/, '');
  const found = all.find((backup) => (name === 'latest' ? backup.complete : backup.name === name));
  if (found === undefined)
    throw new FailedError(`${place.name} has no ${name === 'latest' ? 'backup' : name}. ${namesOf(all)}`);
  if (!found.complete) throw new FailedError(`${found.name} never became a backup: it broke off. ${namesOf(all)}`);
  const manifest = readManifest(await text(await place.read(manifestFile(found.name))));
  if (manifest !== null && manifest.name === found.name) return manifest;
  throw new FailedError(`${manifestFile(found.name)} cannot be understood: it is damaged, or of a newer Recert.`);
}

function namesOf(all: readonly BackupThere[]): string {
  const names = all.filter(({ complete }) => complete).map(({ name }) => name);
  return names.length === 0 ? 'It has none at all.' : `It has ${names.join(', ')}.`;
}

/** Reads the encrypted dump to its end and holds it against its manifest. @throws FailedError when it is another one */
export async function checkWhole({ place, manifest }: Pick<Opened, 'place' | 'manifest'>): Promise<void> {
  const why = whyNotWhole(manifest, await sumOf(await place.read(dumpFile(manifest.name))));
  if (why !== null) throw new FailedError(`${dumpFile(manifest.name)} is not what was backed up: ${why}.`);
}

/**
 * Decrypts the dump into pg_restore.
 * @param database that it is loaded into; null to read every block of it and load none
 * @throws FailedError when it cannot be opened, or not be loaded without an error
 */
export async function loadDump(
  { place, manifest, identity }: Opened,
  database: string | null,
  environment: Environment,
) {
  const decrypt = await decryptionBy(identity);
  const plain = await decrypt(await place.read(dumpFile(manifest.name)));
  const options = database === null ? ['--file=/dev/null'] : ['--exit-on-error', '--no-password'];
  const { child, failure } = startProgram('pg_restore', options, database, pathOf(environment));
  child.stdout.resume();
  let broken: Error | null = null;
  await pipeline(plain, child.stdin).catch((error: Error) => (broken = error));
  // What was cut off ends here, too: pg_restore must not take it for all there was.
  if (broken !== null && !isClosedPipe(broken)) child.kill('SIGKILL');
  const why = await failure;
  if (broken !== null && !isClosedPipe(broken)) {
    throw new FailedError(`${manifest.name} is damaged: ${(broken as Error).message}`);
  }
  if (why !== null) throw new FailedError(`${manifest.name} could not be loaded: ${why}`);
}

/** pg_restore has gone before its input ended: its status says why. */
const isClosedPipe = (error: Error): boolean =>
  ['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '');
