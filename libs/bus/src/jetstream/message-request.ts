import { createInbox, type Msg, nanos, type Subscription } from '@nats-io/transport-node';
import { type Session } from './session';
import { natsName, STREAM } from './stream';

/** How long one request for messages stays open; each message of it arrives at once. */
const REQUEST_MS = 30_000;
const HEARTBEAT_MS = 5_000;
const NO_MESSAGES = 404;
const REQUEST_OVER = 408;
const HEARTBEAT = 100;

/** Asks for the messages of a durable consumer, one request after the other, on one inbox. */
export class MessageRequests {
  /** Rejects when the consumer is gone, silent, or says something that is not understood. */
  readonly failed: Promise<never>;
  private readonly inbox: string;
  private readonly subscription: Subscription;
  private readonly watch: NodeJS.Timeout;
  private fail: (reason: Error) => void = () => undefined;
  private outstanding = 0;
  private heardAt = performance.now();

  /**
   * @param room how many messages may come now; 0 for none yet
   * @param take called with each message
   */
  constructor(
    private readonly session: Session,
    private readonly durable: string,
    private readonly room: () => number,
    private readonly take: (message: Msg) => void,
  ) {
    this.failed = new Promise<never>((_, reject) => (this.fail = reject));
    this.failed.catch(() => undefined);
    this.inbox = createInbox(session.inboxPrefix);
    this.subscription = session.connection.subscribe(this.inbox, {
      callback: (error, message) => this.on(error, message),
    });
    this.watch = setInterval(() => this.checkHeard(), HEARTBEAT_MS).unref();
  }

  /** Asks again when the last request is used up and there is room. */
  ask(): void {
    if (this.outstanding > 0 || !this.session.open) return;
    const batch = this.room();
    if (batch === 0) return;
    this.outstanding = batch;
    this.heardAt = performance.now();
    this.session.connection.publish(
      `$JS.API.CONSUMER.MSG.NEXT.${STREAM}.${natsName(this.durable)}`,
      JSON.stringify({ batch, expires: nanos(REQUEST_MS), idle_heartbeat: nanos(HEARTBEAT_MS) }),
      { reply: this.inbox },
    );
  }

  /** Resolves when nothing more can come: what the server had already sent is still taken. */
  async drain(): Promise<void> {
    clearInterval(this.watch);
    if (!this.subscription.isClosed()) await this.subscription.drain().catch(() => undefined);
  }

  close(): void {
    clearInterval(this.watch);
    this.subscription.unsubscribe();
  }

  private on(error: Error | null, message: Msg): void {
    this.heardAt = performance.now();
    if (error !== null) return this.fail(error);
    if (message.subject !== this.inbox) {
      this.outstanding -= 1;
      this.take(message);
    } else {
      const { code = 0, description = 'no description' } = message.headers ?? {};
      if (code === NO_MESSAGES || code === REQUEST_OVER) this.outstanding = 0;
      else if (code !== HEARTBEAT) return this.fail(new Error(`JetStream says ${code}: ${description}`));
    }
    this.ask();
  }

  private checkHeard(): void {
    if (this.outstanding > 0 && performance.now() - this.heardAt > 3 * HEARTBEAT_MS)
      this.fail(new Error('the consumer is silent'));
  }
}
