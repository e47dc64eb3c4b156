import { identityMigrations } from '@recert/identity';
import { intakeMigrations } from '@recert/intake';
import { CreateAlerts0001 } from './0001-create-alerts';

/** In order; a migration that was released is never edited. */
export const migrations = [...intakeMigrations, ...identityMigrations, CreateAlerts0001];
