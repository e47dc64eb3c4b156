import { Logger } from '@nestjs/common';
import { ConfigError } from '@recert/service-kit';
import { Spool } from './spool';
import { type SpoolConfig } from './spool-config';
import { SpoolFolder } from './spool-folder';

const log = new Logger('intake');

/**
 * @returns null where no folder is named
 * @throws ConfigError when nothing can be written there
 */
export async function openSpool(service: string, config: SpoolConfig): Promise<Spool | null> {
  const { SPOOL_DIR: path, SPOOL_MAX_BYTES: mostBytes } = config;
  if (path === undefined) return null;
  const folder = new SpoolFolder(path, service);
  try {
    await folder.prepare();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new ConfigError([
      `SPOOL_DIR is a folder that cannot be written (${code}). Make it, and give it to the user of the service`,
    ]);
  }
  return new Spool(folder, mostBytes, (file) => {
    const message = 'A part of the spool cannot be read and was moved aside';
    log.error({ service, file, err: new Error(message) }, message);
  });
}
