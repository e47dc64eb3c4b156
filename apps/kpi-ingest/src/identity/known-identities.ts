import { IdentityModule } from '@recert/identity';
import { kpiIngestDatabase } from '../database';

/** The one memory of tokens and sessions: what the consumers learn, hooks and API believe. */
export const knownIdentities = IdentityModule.on(kpiIngestDatabase);
