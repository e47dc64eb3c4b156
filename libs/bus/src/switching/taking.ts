import { type EventConsumer } from '../event-consumer';
import { type BusLog, type Running, type Transport } from '../transport';

const SUBSCRIBE_AGAIN_MS = 500;

/** A consumer, and how many events it takes at once. */
export interface Consumed {
  readonly consumer: EventConsumer;
  readonly subject: string;
  readonly concurrency: number;
}

/** Begins something on a transport, however long that takes. @returns null when it was over before the transport took it */
export async function insist(
  what: 'subscribe' | 'observe',
  fields: Record<string, unknown>,
  isOver: () => boolean,
  transport: Transport,
  log: BusLog,
  begin: () => Promise<Running>,
): Promise<Running | null> {
  while (!isOver()) {
    try {
      await transport.ready();
      return await begin();
    } catch (error) {
      if (isOver()) break;
      log.warn(`bus: could not ${what}, will try again`, { ...fields, error: String(error) });
      await new Promise((resolve) => setTimeout(resolve, SUBSCRIBE_AGAIN_MS));
    }
  }
  return null;
}

/** The consumers of one service on one transport. */
export class Taking {
  private readonly running = new Map<string, Running>();
  private readonly wanted = new Map<string, Consumed>();
  private beginning: Promise<unknown> = Promise.resolve();
  private over = false;

  constructor(
    private readonly transport: Transport,
    private readonly log: BusLog,
  ) {}

  /** Whether the transport has all that is wanted of it. */
  get isBegun(): boolean {
    return [...this.wanted.keys()].every((durable) => this.running.has(durable));
  }

  /** One after the other; resolves when each has begun, or is over. */
  async addAll(consumers: ReadonlyMap<string, Consumed>): Promise<void> {
    for (const [durable, consumed] of consumers) this.wanted.set(durable, consumed);
    for (const [durable, consumed] of consumers) {
      if (this.over) return;
      await this.add(durable, consumed);
    }
  }

  add(durable: string, consumed: Consumed): Promise<void> {
    this.wanted.set(durable, consumed);
    const begun = this.begin(durable, consumed);
    this.beginning = Promise.all([this.beginning, begun]);
    return begun;
  }

  /** What the transport has not taken yet ends as soon as it does. */
  async drop(durable: string): Promise<void> {
    this.wanted.delete(durable);
    const running = this.running.get(durable);
    this.running.delete(durable);
    await running?.stop();
  }

  /** Finishes what is in hand. What has not begun ends as soon as the transport takes it. */
  async stop(): Promise<void> {
    this.over = true;
    await Promise.all([...this.running.values()].map((each) => each.stop()));
  }

  /** Resolves when nothing is being begun any more: after `stop` and the end of the transport. */
  async ended(): Promise<void> {
    await this.beginning;
  }

  private async begin(durable: string, consumed: Consumed): Promise<void> {
    const { consumer, subject, concurrency } = consumed;
    const isOver = (): boolean => this.over || this.wanted.get(durable) !== consumed;
    const receive = consumer.receive.bind(consumer);
    const running = await insist('subscribe', { durable }, isOver, this.transport, this.log, () =>
      this.transport.subscribe({ durable, subject, concurrency, receive }),
    );
    if (running === null) return;
    if (isOver()) return running.stop();
    this.running.set(durable, running);
  }
}
