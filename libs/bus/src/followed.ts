import { type EventContract } from '@recert/contracts';
import { type Invoke } from './event-consumer';
import { type DurableName } from './on-event.decorator';

/** A consumer that comes and goes while the process runs. */
export interface Followed {
  /** WARNING: under another name it receives every event that is still kept, as if it were new. */
  readonly durable: DurableName;
  readonly event: EventContract;
  /** How many events it may handle at once. Default 4. */
  readonly concurrency?: number;
  readonly handle: Invoke;
}
