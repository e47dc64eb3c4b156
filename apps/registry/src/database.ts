import { DatabaseModule } from '@recert/service-kit';
import { migrations } from './migrations';

/** The registry's own schema. */
export const registryDatabase = DatabaseModule.forService({ service: 'registry', migrations });
