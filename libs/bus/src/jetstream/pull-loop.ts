import { type Msg } from '@nats-io/transport-node';
import { DeliveryLane, type Taken } from '../delivery-lane';
import { type BusLog, type Subscription } from '../transport';
import { type Gate } from './gate';
import { MessageRequests } from './message-request';
import { type Session } from './session';
import { ensureConsumer } from './stream';
import { answersTo, delivered } from './stream-message';

const FAILURE_PAUSE_MS = 250;

interface TakenMessage extends Taken {
  readonly stillWorking: () => void;
  renewedAt: number;
}

/** Pulls the messages of one durable consumer, for as long as it runs, whatever happens to the server meanwhile. */
export class PullLoop {
  private readonly lane: DeliveryLane<TakenMessage>;
  private renewal: NodeJS.Timeout | undefined;
  private requests: MessageRequests | null = null;
  private stopped = false;
  private end: () => void = () => undefined;
  private readonly ended = new Promise<void>((resolve) => (this.end = resolve));
  private running: Promise<void> = Promise.resolve();

  /** @param renew makes sure that the stream is there, and begins another session when it is another one */
  constructor(
    private readonly subscription: Subscription,
    private readonly sessions: Gate<Session>,
    private readonly renew: () => Promise<unknown>,
    private readonly ackWaitMs: number,
    private readonly log: BusLog,
  ) {
    this.lane = new DeliveryLane<TakenMessage>(subscription, () => this.requests?.ask());
  }

  /** Resolves when the durable exists, so that nothing published from now on passes it by. */
  async start(): Promise<void> {
    const session = await this.sessions.pass(Infinity, this.ended);
    if (session === null) return;
    await this.ensureConsumer(session);
    this.renewal = setInterval(() => this.renewHeld(), this.ackWaitMs / 6).unref();
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    // First nothing more may come: what is given back would come here again.
    await this.lane.stop(async () => this.requests?.drain());
    this.end();
    await this.running;
    clearInterval(this.renewal);
    await this.sessions.current?.connection.flush().catch(() => undefined);
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const session = await this.sessions.pass(Infinity, this.ended);
      if (session === null) return;
      try {
        await this.ensureConsumer(session);
        await this.pull(session);
      } catch (error) {
        if (this.stopped) return;
        if (!session.open) continue;
        this.log.warn('bus: pulling failed, will try again', {
          durable: this.subscription.durable,
          error: String(error),
        });
        await new Promise((resolve) => setTimeout(resolve, FAILURE_PAUSE_MS));
        await this.renew().catch(() => undefined);
      }
    }
  }

  private ensureConsumer(session: Session): Promise<void> {
    const { durable, subject } = this.subscription;
    return ensureConsumer(session.manager, durable, subject, this.ackWaitMs);
  }

  /** Resolves when the loop stops; rejects when the session is over or the consumer does not answer as it should. */
  private async pull(session: Session): Promise<void> {
    const room = (): number => (this.lane.free * 2 >= this.lane.capacity ? this.lane.free : 0);
    const requests: MessageRequests = new MessageRequests(session, this.subscription.durable, room, (message) =>
      this.lane.take(this.taken(session, requests, message)),
    );
    this.requests = requests;
    requests.ask();
    try {
      await Promise.race([session.broken, requests.failed, this.ended]);
    } finally {
      if (!this.stopped) this.requests = null;
      requests.close();
    }
  }

  /**
   * An answer names a message by its number alone. In a stream that was made anew or rolled back another message may
   * have that number, so an answer that comes too late is not given: the message comes again, and the inbox knows it.
   */
  private taken(session: Session, requests: MessageRequests, message: Msg): TakenMessage {
    const answers = answersTo(message);
    const inTime = (): boolean => session.open && this.requests === requests;
    return {
      renewedAt: performance.now(),
      stillWorking: () => inTime() && answers.stillWorking(),
      giveBack: () => inTime() && answers.giveBack(),
      incoming: {
        ...delivered(message),
        ack: () => inTime() && answers.ack(),
        retryAfter: (delayMs) => inTime() && answers.retryAfter(delayMs),
      },
    };
  }

  /** A handler may take longer than the server waits for an ack; half of that time is left for a process that stalls. */
  private renewHeld(): void {
    const now = performance.now();
    for (const taken of this.lane.held) {
      if (now - taken.renewedAt < this.ackWaitMs / 3) continue;
      taken.renewedAt = now;
      taken.stillWorking();
    }
  }
}
