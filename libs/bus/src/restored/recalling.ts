import { type DataOf, type EventAttributes, type EventContract } from '@recert/contracts';
import { type Tx } from '../transaction';

/** What a recalled event comes with. */
export interface Recalled {
  /** The event is in the outbox again when this commits, so that it is recalled once. */
  readonly tx: Tx;
  readonly attributes: EventAttributes;
}

/**
 * How a service gets back, out of an event of its own, what it knew when it said so. Its database may know more by now or
 * nothing of it: the highest version wins, as with every consumer. What others' events lead to is not its work: they are
 * all delivered again.
 */
export interface Recalling {
  readonly event: EventContract;
  readonly recall: (data: unknown, recalled: Recalled) => Promise<void>;
}

export function recalling<E extends EventContract>(
  event: E,
  recall: (data: DataOf<E>, recalled: Recalled) => Promise<void>,
): Recalling {
  return { event, recall: (data, recalled) => recall(data as DataOf<E>, recalled) };
}
