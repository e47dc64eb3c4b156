import { type EventContract } from '../event';
import * as alert from './alert.events';
import * as bus from './bus.events';
import * as kpi from './kpi.events';
import * as letter from './letter.events';
import * as outside from './outside.events';
import * as person from './person.events';
import * as process from './process.events';
import * as product from './product.events';
import * as release from './release.events';
import * as run from './run.events';
import * as task from './task.events';

export * from './alert.events';
export * from './bus.events';
export * from './kpi.events';
export * from './letter.events';
export * from './outside.events';
export * from './person.events';
export * from './process.events';
export * from './product.events';
export * from './release.events';
export * from './run.events';
export * from './task.events';

/** Every event of the bus, in the order of a fact's way: the source of docs/events.md and of the stream's subjects. */
export const allEvents: readonly EventContract[] = [
  process.ProcessRegistered,
  process.ProcessRetired,
  process.ReviewRequested,
  process.ProcessDue,
  process.ProcessOverdue,
  process.OwnerResponse,
  process.ProcessCertified,
  person.PersonChanged,
  person.PersonLinked,
  person.LoginOffered,
  person.SessionChanged,
  product.ProductRegistered,
  product.TokenChanged,
  product.TokenUsed,
  kpi.KpiReceived,
  kpi.KpiMissed,
  alert.AlertRaised,
  alert.AlertResolved,
  alert.AlertAcknowledged,
  release.ReleaseReported,
  task.TaskRegistered,
  task.TaskReported,
  task.TaskDown,
  task.TaskRecovered,
  run.RunProgressed,
  letter.LetterKept,
  letter.LetterWanted,
  letter.LetterSettled,
  outside.SubscriptionDisabled,
  bus.BusSwitching,
  bus.BusMember,
  bus.BusRefill,
  bus.BusRefilled,
];
