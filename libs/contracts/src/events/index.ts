import { type EventContract } from '../event';
import * as alert from './alert.events';
import * as kpi from './kpi.events';
import * as person from './person.events';
import * as process from './process.events';
import * as product from './product.events';

export * from './alert.events';
export * from './kpi.events';
export * from './person.events';
export * from './process.events';
export * from './product.events';

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
  kpi.KpiReceived,
  kpi.KpiMissed,
  alert.AlertRaised,
  alert.AlertResolved,
  alert.AlertAcknowledged,
];
