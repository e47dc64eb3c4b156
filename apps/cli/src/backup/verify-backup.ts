import { escapeIdentifier } from 'pg';
import { type Environment } from '../api';
import { UsageError } from '../exit-codes';
import { pathOf, setting } from './config';
import { addressOf } from './database';
import { type Facts } from './manifest';
import { checkWhole, loadDump, type Opened } from './open-backup';
import { requireProgram } from './postgres-program';
import { fillDatabase, rightsWanted, withServer } from './restored-database';

/**
 * Opens a backup and has pg_restore read every block of it.
 * @throws FailedError when anything of it is not as it was backed up
 */
export async function verifyBackup(opened: Opened, environment: Environment): Promise<Facts> {
  await requireProgram('pg_restore', opened.manifest.postgres, pathOf(environment));
  await checkWhole(opened);
  await loadDump(opened, null, environment);
  return opened.manifest;
}

/**
 * Restores a backup into a database of its own beside that of DATABASE_URL, counts what is in it, and removes it.
 * @param name of a database that is not there yet
 */
export async function rehearse(opened: Opened, name: string, environment: Environment): Promise<void> {
  const present = addressOf(setting(environment, 'DATABASE_URL'));
  if (name === present.database)
    throw new UsageError(`--into "${name}" is the database in use: name one that is not there`);
  const scratch = addressOf(present.url, name);
  await withServer(present, async (server) => {
    const rights = await rightsWanted(server, present.database, opened);
    await fillDatabase(server, scratch, rights, opened, environment);
    await server.query(`drop database ${escapeIdentifier(name)} with (force)`);
  });
}
