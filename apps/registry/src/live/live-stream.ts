import { HEARTBEAT, opening, RESYNC } from './event-stream';

/** Whoever has left more than this unread is cut off: it comes back when it can, and fetches anew. */
const MOST_UNREAD_BYTES = 64 * 1024;

/** As much of a response as a stream takes. */
export interface Outgoing {
  readonly writableLength: number;
  write(text: string): unknown;
  end(): unknown;
  destroy(): unknown;
}

/** One browser that is told of changes. */
export class LiveStream {
  private state: 'waiting' | 'open' | 'over' = 'waiting';

  /** @param mayStay whether the sender is still who they were */
  constructor(
    private readonly out: Outgoing,
    readonly mayStay: () => Promise<boolean>,
  ) {}

  get isOver(): boolean {
    return this.state === 'over';
  }

  /** @param isBack whether it was here before, and has missed something since */
  open(isBack: boolean): void {
    if (this.isOver) return;
    this.state = 'open';
    this.send(opening(isBack));
  }

  resync(): void {
    this.send(RESYNC);
  }

  beat(): void {
    this.send(HEARTBEAT);
  }

  /** What is said before it is open, or after it is over, is said to nobody. */
  send(text: string): void {
    if (this.state !== 'open') return;
    this.out.write(text);
    if (this.out.writableLength <= MOST_UNREAD_BYTES) return;
    this.state = 'over';
    this.out.destroy();
  }

  end(): void {
    const wasOpen = this.state === 'open';
    this.state = 'over';
    if (wasOpen) this.out.end();
  }
}
