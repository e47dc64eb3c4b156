import { z } from 'zod';

const MIB = 1024 * 1024;

/** The variables of a service with hooks that say where webhooks wait while its database is away. */
export const spoolVariables = {
  SPOOL_DIR: z
    .string()
    .optional()
    .describe(
      'Folder in which webhooks wait while the database is away, e.g. /spool; without it they are refused then',
    ),
  SPOOL_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(64 * 1024)
    .default(128 * MIB)
    .describe('How many bytes of webhooks wait there at most, for each service, e.g. 134217728'),
};

/** What of a service's configuration is about its spool. */
export interface SpoolConfig {
  readonly SPOOL_DIR?: string | undefined;
  readonly SPOOL_MAX_BYTES: number;
}
