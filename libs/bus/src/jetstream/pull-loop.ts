import { type ConsumerMessages, type JetStreamClient, type JetStreamManager, type JsMsg } from '@nats-io/jetstream';
import { fromHeaders } from '../envelope';
import { type BusLog, type Incoming, type Subscription } from '../transport';
import { ensureConsumer, STREAM } from './stream';

/** How long one pull stays open; each message of it arrives at once. */
const PULL_MS = 20_000;
const AHEAD = 8;

interface Api {
  client: JetStreamClient;
  manager: JetStreamManager;
}

/** Pulls the messages of one durable consumer, for as long as it runs, whatever happens to the server meanwhile. */
export class PullLoop {
  private readonly inHand = new Set<Promise<void>>();
  private messages: ConsumerMessages | null = null;
  private stopped = false;
  private ended: Promise<void> = Promise.resolve();
  private slotFree: (() => void) | null = null;

  constructor(
    private readonly subscription: Subscription,
    private readonly api: () => Api,
    private readonly prepareStream: () => Promise<unknown>,
    private readonly log: BusLog,
  ) {}

  /** Resolves when the durable exists, so that nothing published from now on passes it by. */
  async start(): Promise<void> {
    await this.prepare().catch((error: unknown) => this.complain(error));
    this.ended = this.run();
  }

  /** The server came back: the open pull may have died with it. */
  restart(): void {
    void this.messages?.close();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.slotFree?.();
    await this.messages?.close();
    await this.ended;
    await Promise.all([...this.inHand]);
  }

  /** A durable name may not hold a dot in NATS. */
  private get durable(): string {
    return this.subscription.durable.replaceAll('.', '_');
  }

  private async prepare(): Promise<void> {
    await this.prepareStream();
    await ensureConsumer(
      this.api().manager,
      this.durable,
      this.subscription.subject,
      this.subscription.concurrency * AHEAD,
    );
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopped) {
      try {
        await this.pull();
        failures = 0;
      } catch (error) {
        if (this.stopped) return;
        failures += 1;
        this.complain(error);
        await new Promise((resolve) => setTimeout(resolve, Math.min(100 * 2 ** failures, 3000)));
        await this.prepare().catch((problem: unknown) => this.complain(problem));
      }
    }
  }

  private async pull(): Promise<void> {
    const consumer = await this.api().client.consumers.get(STREAM, this.durable);
    if (this.stopped) return;
    this.messages = await consumer.fetch({
      max_messages: this.subscription.concurrency * AHEAD,
      expires: PULL_MS,
      idle_heartbeat: 5_000,
    });
    for await (const message of this.messages) {
      await this.waitForSlot();
      const task: Promise<void> = this.subscription.receive(incoming(message)).finally(() => {
        this.inHand.delete(task);
        this.slotFree?.();
      });
      this.inHand.add(task);
      if (this.stopped) return;
    }
  }

  private async waitForSlot(): Promise<void> {
    while (this.inHand.size >= this.subscription.concurrency) {
      await new Promise<void>((resolve) => (this.slotFree = resolve));
      this.slotFree = null;
    }
  }

  private complain(error: unknown): void {
    this.log.warn('bus: pulling failed, will try again', { durable: this.subscription.durable, error: String(error) });
  }
}

function incoming(message: JsMsg): Incoming {
  return {
    subject: message.subject,
    attributes: fromHeaders((name) => message.headers?.get(name) || undefined),
    payload: Buffer.from(message.data),
    deliveries: message.info.deliveryCount,
    ack: () => message.ack(),
    retryAfter: (delayMs) => message.nak(delayMs),
  };
}
