import { type Incoming, type Subscription } from './transport';

/** How many deliveries are taken ahead for each one that may be in hand. */
const AHEAD = 8;

/** A delivery that this process has taken from the transport, for itself alone until it ends it. */
export interface Taken {
  readonly incoming: Incoming;
  /** Leaves it to anybody, at once, as if it had not been taken. */
  giveBack(): void;
}

/** What one consumer of this process has taken: handed out in order, as many at once as the consumer allows. */
export class DeliveryLane<T extends Taken> {
  private readonly waiting: T[] = [];
  private readonly inHand = new Map<T, Promise<void>>();
  private stopped = false;
  private ended = false;

  /** @param onRoom called when half of the lane or more is free again */
  constructor(
    readonly subscription: Subscription,
    private readonly onRoom: () => void,
  ) {}

  get capacity(): number {
    return this.subscription.concurrency * AHEAD;
  }

  /** How many more may be taken now. */
  get free(): number {
    return this.stopped ? 0 : Math.max(0, this.capacity - this.waiting.length - this.inHand.size);
  }

  /** Everything that the transport must not give to another process meanwhile. */
  get held(): T[] {
    return [...this.inHand.keys(), ...this.waiting];
  }

  take(taken: T): void {
    if (this.ended) return taken.giveBack();
    this.waiting.push(taken);
    this.handOut();
  }

  /**
   * Begins nothing more, gives back what is not begun, and waits for what is.
   * @param cutOff makes sure that no more is taken; what comes until it resolves is given back with the rest
   */
  async stop(cutOff: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    this.stopped = true;
    await cutOff();
    this.ended = true;
    for (const taken of this.waiting.splice(0)) taken.giveBack();
    await Promise.all(this.inHand.values());
  }

  private handOut(): void {
    while (!this.stopped && this.inHand.size < this.subscription.concurrency) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.inHand.set(
        next,
        this.subscription.receive(next.incoming).finally(() => this.finish(next)),
      );
    }
  }

  private finish(taken: T): void {
    this.inHand.delete(taken);
    this.handOut();
    if (this.free * 2 >= this.capacity) this.onRoom();
  }
}
