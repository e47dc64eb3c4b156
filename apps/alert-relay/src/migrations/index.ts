import { identityMigrations } from '@recert/identity';
import { intakeMigrations } from '@recert/intake';
import { CreateAlerts0001 } from './0001-create-alerts';
import { RetireSigns0002 } from './0002-retire-signs';
import { KeepProductPeople0003 } from './0003-product-people';

/** In order; a migration that was released is never edited. */
export const migrations = [
  ...intakeMigrations,
  ...identityMigrations,
  CreateAlerts0001,
  RetireSigns0002,
  KeepProductPeople0003,
];
