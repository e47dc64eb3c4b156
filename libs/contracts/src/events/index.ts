import { type EventContract } from '../event';
import * as person from './person.events';
import * as process from './process.events';

export * from './person.events';
export * from './process.events';

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
];
