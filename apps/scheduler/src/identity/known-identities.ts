import { IdentityModule } from '@recert/identity';
import { schedulerDatabase } from '../database';

/** The one memory of tokens and sessions: what the consumers learn, the API believes. */
export const knownIdentities = IdentityModule.on(schedulerDatabase);
