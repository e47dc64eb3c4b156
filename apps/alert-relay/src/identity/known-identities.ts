import { IdentityModule } from '@recert/identity';
import { alertRelayDatabase } from '../database';

/** The one memory of tokens and sessions: what the consumers learn, hooks and API believe. */
export const knownIdentities = IdentityModule.on(alertRelayDatabase);
