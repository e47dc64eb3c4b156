import { intakeMigrations } from '@recert/intake';
import { CreateProcesses } from './0001-processes';
import { CreateHistory } from './0002-history';
import { CreatePeople } from './0003-people';
import { CreateAccess } from './0004-access';
import { CreateLibraries } from './0005-libraries';
import { CreateProducts } from './0006-products';
import { CreateLogins } from './0007-logins';
import { ListsAndEvidence } from './0008-lists-and-evidence';
import { CreateReaders } from './0009-readers';
import { AnnounceTokensAnew } from './0010-announce-tokens';
import { CreateSubscriptions } from './0017-subscriptions';
import { CreateTasks } from './0014-tasks';
import { CreateRuns } from './0015-runs';
import { CreateLetters } from './0016-letters';
import { CreateReleases } from './0018-releases';
import { CreateBusSwitch } from './0019-bus';
import { KeepWhoAsked } from './0020-who-asked';
import { AnnounceProductsAnew } from './0021-announce-products';

/** In the order in which they run. A migration that was released is never edited. */
export const migrations = [
  CreateProcesses,
  CreateHistory,
  CreatePeople,
  CreateAccess,
  CreateLibraries,
  CreateProducts,
  CreateLogins,
  ListsAndEvidence,
  CreateReaders,
  AnnounceTokensAnew,
  ...intakeMigrations,
  CreateSubscriptions,
  CreateTasks,
  CreateRuns,
  CreateLetters,
  CreateReleases,
  CreateBusSwitch,
  KeepWhoAsked,
  AnnounceProductsAnew,
];
