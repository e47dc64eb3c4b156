import { type Envelope } from '../envelope';
import { newEventId } from '../event-id';
import { type Incoming, type Subscription } from '../transport';
import { until } from './until';

interface Arrival {
  readonly n: number;
  readonly deliveries: number;
  /** `performance.now()` at the arrival. */
  readonly at: number;
}

/** What a subscription was given, and what it does with it: acks unless told otherwise. */
export class Recorder {
  readonly arrivals: Arrival[] = [];

  constructor(private readonly react: (incoming: Incoming, n: number) => Promise<void> | void = acknowledge) {}

  get numbers(): number[] {
    return this.arrivals.map((arrival) => arrival.n);
  }

  get distinct(): number {
    return new Set(this.numbers).size;
  }

  subscription(durable: string, subject: string, concurrency = 4): Subscription {
    return { durable, subject, concurrency, receive: (incoming) => this.receive(incoming) };
  }

  /** Resolves when so many different events have come. */
  async has(count: number, withinMs?: number): Promise<void> {
    await until(`${count} events`, () => this.distinct >= count, withinMs).catch((error: Error) => {
      throw new Error(`${error.message}; ${this.distinct} came`);
    });
  }

  private async receive(incoming: Incoming): Promise<void> {
    const { n } = JSON.parse(incoming.payload.toString()) as { n: number };
    this.arrivals.push({ n, deliveries: incoming.deliveries, at: performance.now() });
    await this.react(incoming, n);
  }
}

export function acknowledge(incoming: Incoming): void {
  incoming.ack();
}

/** An event as it stands in an outbox, with `n` as its data. */
export function envelope(subject: string, n: number, id = newEventId()): Envelope {
  const attributes = { id, source: 'test', type: subject, time: new Date().toISOString(), correlationId: id };
  return { attributes: { ...attributes, causationId: null }, payload: JSON.stringify({ n }) };
}

/** `count` events numbered from `from`. */
export function envelopes(subject: string, count: number, from = 0): Envelope[] {
  return Array.from({ length: count }, (_, index) => envelope(subject, from + index));
}
