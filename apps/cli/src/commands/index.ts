import { type Command } from '../command';
import { backupCommands } from './backup.commands';
import { busCommands } from './bus.commands';
import { fallbackCommands } from './fallback.commands';
import { initCommands } from './init.commands';
import { libraryCommands } from './library.commands';
import { operationsCommands } from './operations.commands';
import { peopleCommands } from './people.commands';
import { processCommands } from './processes.commands';
import { productCommands } from './products.commands';
import { subscriptionCommands } from './subscriptions.commands';
import { taskCommands } from './tasks.commands';
import { workflowCommands } from './workflow.commands';

/** Every command there is, in the order of the help. */
export const commands: readonly Command[] = [
  ...initCommands,
  ...libraryCommands,
  ...processCommands,
  ...peopleCommands,
  ...productCommands,
  ...taskCommands,
  ...subscriptionCommands,
  ...operationsCommands,
  ...fallbackCommands,
  ...busCommands,
  ...backupCommands,
  ...workflowCommands,
];
