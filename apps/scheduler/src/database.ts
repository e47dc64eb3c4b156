import { identityMigrations } from '@recert/identity';
import { DatabaseModule } from '@recert/service-kit';
import { migrations } from './migrations';

export const schedulerDatabase = DatabaseModule.forService({
  service: 'scheduler',
  migrations: [...identityMigrations, ...migrations],
});
