import { identityMigrations } from '@recert/identity';
import { DatabaseModule } from '@recert/service-kit';
import { migrations } from './migrations';
import { recallWhatWasSaid } from './schedule/recall-what-was-said';

export const schedulerDatabase = DatabaseModule.forService({
  service: 'scheduler',
  migrations: [...identityMigrations, ...migrations],
  recallings: [recallWhatWasSaid],
});
