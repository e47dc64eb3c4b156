import { DatabaseModule } from '@recert/service-kit';
import { recallTokens } from './access/recall-tokens';
import { migrations } from './migrations';
import { recallPeople } from './people/recall-people';
import { recallProcesses } from './processes/recall-processes';
import { recallProducts } from './products/recall-products';
import { recallReleases } from './releases/recall-releases';
import { recallTasks } from './tasks/recall-tasks';

/** The registry's own schema. */
export const registryDatabase = DatabaseModule.forService({
  service: 'registry',
  migrations,
  recallings: [recallPeople, recallTokens, recallProducts, recallProcesses, recallTasks, recallReleases],
});
