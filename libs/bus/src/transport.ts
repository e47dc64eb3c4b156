import { type EventAttributes } from '@recert/contracts';
import { type Envelope } from './envelope';
import { type Observer } from './observers';

/** Where the transport put a published event. */
export interface Receipt {
  /** Which life of the transport's store took it; a wiped store begins another one. */
  readonly lineage: string;
  readonly sequence: number;
}

/** The store of the transport as it is now, for the relay to notice that it was wiped or rolled back. */
export interface Lineage {
  readonly id: string;
  /** Which unbroken connection it was read on. While it lasts, the store can neither be wiped nor rolled back unseen. */
  readonly session: number;
  /** What lay before it was removed for its age or the store's size. */
  readonly firstSequence: number;
  readonly lastSequence: number;
}

/** One delivery of one event to one consumer. Exactly one of `ack` and `retryAfter` is called for it. */
export interface Incoming {
  readonly subject: string;
  /** Where the message lies in the transport's store; the same at each of its deliveries. */
  readonly position: string;
  /** Null when the message lacks the attributes of an event. */
  readonly attributes: EventAttributes | null;
  readonly payload: Buffer;
  /** 1 at the first delivery. */
  readonly deliveries: number;
  /** The delivery is over. May be lost in a crash: the inbox makes the redelivery harmless. */
  ack(): void;
  /** The same event again, not before `delayMs` from now. */
  retryAfter(delayMs: number): void;
}

/** An event where it lies in the transport's store. */
export interface Lying extends Pick<Incoming, 'subject' | 'attributes' | 'payload'> {
  readonly sequence: number;
}

export interface Subscription {
  /** The name under which the transport remembers what was delivered. Renaming it delivers everything again. */
  readonly durable: string;
  readonly subject: string;
  /** How many deliveries may be in the hands of this consumer at once. */
  readonly concurrency: number;
  /** Never rejects: whatever goes wrong is turned into `ack` or `retryAfter`. */
  readonly receive: (incoming: Incoming) => Promise<void>;
}

export interface Running {
  /** Takes nothing more, gives back what is not begun, waits for what is in hand. */
  stop(): Promise<void>;
}

/** The connection broke since the caller compared its outbox with the store: it must do so again before it publishes. */
export class AnotherSession extends Error {
  override readonly name = 'AnotherSession';

  constructor() {
    super('the transport has reconnected since the outbox was compared with its store');
  }
}

/** The transport is well but will never take this one event, so the others must go on without it. */
export class RefusedEvent extends Error {
  override readonly name = 'RefusedEvent';

  constructor(
    readonly eventId: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`the transport refuses event ${eventId}: ${reason}`, options);
  }
}

/**
 * What carries events between services. Both transports keep the same promises, held to them by one suite
 * (transport-suite.ts): what `publish` resolved for is delivered to every durable at least once, however often either
 * side is killed; a new durable receives everything that is still kept; one event that cannot be handled holds no
 * other one up.
 */
export interface Transport {
  readonly kind: 'postgres' | 'jetstream';
  /** Resolves when the transport is connected and its store is there. */
  ready(): Promise<void>;
  /** Whether it is connected now, with a sentence for the health page. */
  health(): { ok: boolean; detail: string };
  /**
   * In order; resolves when the store holds all of them. Rejects as a whole; publishing again does no harm.
   * @param session of the lineage that the caller knows; null to publish whatever happened to the store
   * @throws RefusedEvent when one of them can never be taken, AnotherSession when the session is over
   */
  publish(batch: readonly Envelope[], session?: number | null): Promise<readonly Receipt[]>;
  lineage(): Promise<Lineage>;
  /** Whether the store still has this event where the receipt says: after a roll-back another may lie there. */
  holds(sequence: number, eventId: string): Promise<boolean>;
  /** Called when the store may have changed its life: at every reconnect. */
  onReconnect(listener: () => void): void;
  subscribe(subscription: Subscription): Promise<Running>;
  /**
   * Keeps nothing more for a durable, and holds nothing up for it: to be called when nobody consumes it any more, as an
   * idle one gathers what comes. Subscribed again, it is a new one. One that does not exist is forgotten already.
   */
  forget(durable: string): Promise<void>;
  /**
   * The same for every durable whose name begins with the service's and a dot; nobody may consume by one of them now.
   * @returns how many there were
   */
  forgetAll(service: string): Promise<number>;
  /** The next event of a subject that lies behind a sequence; null when there is none. */
  next(subject: string, after: number): Promise<Lying | null>;
  /** How many events it holds for each of these, whether they are in hand, put off or not delivered yet. */
  backlog(durables: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /**
   * Shows what passes from when it resolves, without any promise: nothing is kept for it, and nothing read when nobody
   * observes.
   */
  observe(observer: Observer): Promise<Running>;
  /** Stops its subscriptions first. May be called twice. */
  close(): Promise<void>;
}

/** What the bus says to whoever watches it. Defaults to silence in tests. */
export interface BusLog {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}
