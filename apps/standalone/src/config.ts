import { resolve } from 'node:path';
import { defineConfig, type Environment } from '@recert/service-kit';
import { z } from 'zod';

/** The environment of this process. */
export const environment: Environment = process.env;

/** The repository: this file lies in apps/standalone/dist. */
const ROOT = resolve(__dirname, '../../..');

export const standaloneConfig = defineConfig({
  RECERT_DATA: z.string().default('./.data').describe('Folder of everything that is kept, e.g. ./.data'),
  /** Without it an embedded PostgreSQL is started under RECERT_DATA. */
  DATABASE_URL: z.string().optional(),
  LIBRARY: z.string().default(resolve(ROOT, 'docs/processes.md')),
  LOG_LEVEL: z.string().default('warn'),
});
export type StandaloneConfig = ReturnType<typeof standaloneConfig.parse>;

/** The environment that the services see: what was given, and what standalone chooses where nothing was. */
export function servicesEnvironment(given: Environment, config: StandaloneConfig, databaseUrl: string): Environment {
  return {
    ...given,
    DATABASE_URL: databaseUrl,
    BUS_URL: filled(given.BUS_URL) ?? databaseUrl,
    LIBRARY: config.LIBRARY,
    LOG_LEVEL: config.LOG_LEVEL,
  };
}

function filled(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
