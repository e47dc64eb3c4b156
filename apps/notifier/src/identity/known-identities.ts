import { IdentityModule } from '@recert/identity';
import { notifierDatabase } from '../database';

/** The one memory of tokens and sessions: what the consumers learn, the API believes. */
export const knownIdentities = IdentityModule.on(notifierDatabase);
