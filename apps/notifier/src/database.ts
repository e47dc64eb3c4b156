import { identityMigrations } from '@recert/identity';
import { DatabaseModule } from '@recert/service-kit';
import { recallAccounts } from './channels/telegram/accounts/recall-accounts';
import { migrations } from './migrations';

/** The notifier's own schema. */
export const notifierDatabase = DatabaseModule.forService({
  service: 'notifier',
  migrations: [...identityMigrations, ...migrations],
  recallings: [recallAccounts],
});
