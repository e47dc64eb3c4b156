import { KnownTokensModule } from '@recert/intake';
import { kpiIngestDatabase } from '../database';

/** The one memory of tokens: what the consumer learns, the hook believes. */
export const knownTokens = KnownTokensModule.on(kpiIngestDatabase);
