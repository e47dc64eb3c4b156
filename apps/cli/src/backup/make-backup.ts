import { createReadStream, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable } from 'node:stream';
import { type Environment } from '../api';
import { FailedError } from '../exit-codes';
import { backupName, dumpFile, manifestFile, partFile } from './backup-name';
import { backupsIn, backupsToRemove } from './backups-in';
import { type Sum, sumOf, whyNotWhole } from './checksum';
import { pathOf, setting } from './config';
import { serverVersion, type Snapshot, withDatabase, withSnapshot } from './database';
import { encryptionFor } from './encryption';
import { type Manifest } from './manifest';
import { type Place } from './place';
import { requireProgram } from './postgres-program';
import { writeDump } from './write-dump';

export interface Made {
  readonly manifest: Manifest;
  /** Older backups that went for it. */
  readonly removed: readonly string[];
  /** Why not all of them could be removed; null where they could. */
  readonly trouble: string | null;
}

interface Dumped {
  readonly name: string;
  readonly part: string;
  readonly sum: Sum;
  readonly snapshot: Snapshot;
  readonly postgres: number;
}

/**
 * Dumps the database of DATABASE_URL, encrypted, into a place, and then removes what is too old there.
 * @param keep how many backups stay
 * @throws UsageError, FailedError, UnreachableError; nothing that looks like a backup is left then
 */
export async function makeBackup(place: Place, keep: number, environment: Environment): Promise<Made> {
  const manifest = await place.withStaging(async (staging) => {
    const dumped = await dump(place, staging, environment);
    try {
      return await handOver(place, dumped);
    } finally {
      await rm(dumped.part, { force: true });
    }
  });
  const removed: string[] = [];
  try {
    for (const { name, files } of backupsToRemove(backupsIn(await place.list()), keep)) {
      for (const file of files) await place.remove(file);
      removed.push(name);
    }
  } catch (error) {
    return { manifest, removed, trouble: (error as Error).message };
  }
  return { manifest, removed, trouble: null };
}

/** The snapshot is held no longer than it is dumped: the server keeps every old row for it. */
async function dump(place: Place, staging: string, environment: Environment): Promise<Dumped> {
  const url = setting(environment, 'DATABASE_URL');
  const encrypt = await encryptionFor(setting(environment, 'BACKUP_RECIPIENT'));
  const path = pathOf(environment);
  return withDatabase(url, async (client) => {
    const postgres = await serverVersion(client);
    await requireProgram('pg_dump', postgres, path);
    return withSnapshot(client, async (snapshot) => {
      const name = backupName(new Date(snapshot.takenAt));
      const there = await place.list();
      if (there.some(({ file }) => file === dumpFile(name))) {
        throw new FailedError(`${place.name} has ${name} already: there is one backup a minute. Nothing was changed.`);
      }
      const part = join(staging, partFile(name));
      const sum = await writeDump({ url, snapshot: snapshot.id, encrypt, path, file: part });
      return { name, part, sum, snapshot, postgres };
    });
  });
}

/** From a file that was written to a backup: it is read back before it gets its name, and where it lies afterwards. */
async function handOver(place: Place, { name, part, sum, snapshot, postgres }: Dumped): Promise<Manifest> {
  const file = dumpFile(name);
  await readBack(part, createReadStream(part), sum);
  await place.keep(part, file);
  try {
    await readBack(file, await place.read(file), sum);
    const manifest: Manifest = {
      ...{ format: 1, name, takenAt: snapshot.takenAt, recert: recertVersion(), postgres },
      ...{ size: sum.size, sha256: sum.sha256, ...snapshot.facts },
    };
    await place.write(manifestFile(name), `${JSON.stringify(manifest, null, 2)}\n`);
    return manifest;
  } catch (error) {
    await place.remove(file).catch(() => undefined);
    throw error;
  }
}

async function readBack(file: string, stream: Readable, wanted: Sum): Promise<void> {
  const why = whyNotWhole(wanted, await sumOf(stream));
  if (why !== null) throw new FailedError(`${file} is not what was written, ${why}: look at the disk. It was removed.`);
}

function recertVersion(): string {
  const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string };
  return version;
}
