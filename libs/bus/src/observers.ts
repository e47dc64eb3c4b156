import { type EventAttributes } from '@recert/contracts';
import { type BusLog } from './transport';

/** How much waits to be told at most, in events and in bytes of their data. */
const MOST_WAITING = 1_000;
const MOST_BYTES = 4 * 1024 * 1024;

/** An event as it passes on the bus, of whichever service. */
export interface Passing {
  readonly subject: string;
  /** Null when the message lacks the attributes of an event. */
  readonly attributes: EventAttributes | null;
  readonly payload: Buffer;
}

/** Looks on while events pass. What it does with them nobody waits for, and what it throws is only logged. */
export interface Observer {
  saw(event: Passing): void;
  /** So many passed unseen; null when nobody knows how many, since the connection was broken. */
  missed(count: number | null): void;
}

/** Who observes the bus in this process. They are told a moment later, so that none of them holds the bus up. */
export class Observers {
  private readonly all = new Set<Observer>();
  private waiting: Passing[] = [];
  private bytes = 0;
  private missed: number | null = 0;
  private soon: NodeJS.Immediate | null = null;

  constructor(private readonly log: BusLog) {}

  /** Whether anybody observes. */
  get some(): boolean {
    return this.all.size > 0;
  }

  /** @returns what ends it */
  add(observer: Observer): () => void {
    // Its own object, so that one that was added twice is told twice and ended one at a time.
    const added: Observer = {
      saw: (event) => observer.saw(event),
      missed: (count) => observer.missed(count),
    };
    this.all.add(added);
    return () => void this.all.delete(added);
  }

  /** What does not fit is only counted. */
  saw(event: Passing): void {
    if (!this.some) return;
    if (this.waiting.length >= MOST_WAITING || this.bytes + event.payload.length > MOST_BYTES)
      return this.passedOver(1);
    this.waiting.push(event);
    this.bytes += event.payload.length;
    this.tellSoon();
  }

  /** @param count null when it cannot be known */
  passedOver(count: number | null): void {
    if (!this.some || count === 0) return;
    this.missed = this.missed === null || count === null ? null : this.missed + count;
    this.tellSoon();
  }

  private tellSoon(): void {
    this.soon ??= setImmediate(() => this.tell());
  }

  private tell(): void {
    const { waiting, missed } = this;
    this.soon = null;
    this.waiting = [];
    this.bytes = 0;
    this.missed = 0;
    for (const observer of this.all) {
      try {
        for (const event of waiting) observer.saw(event);
        if (missed !== 0) observer.missed(missed);
      } catch (error) {
        this.log.warn('bus: an observer failed; what came at once with that is not told to it', {
          error: String(error),
        });
      }
    }
  }
}
