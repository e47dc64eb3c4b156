import { type Tx } from '@recert/bus';
import { type Context } from 'telegraf';

/** By what Telegram names an update: its ids are those of one bot. */
export interface UpdateId {
  readonly botId: number;
  readonly updateId: number;
}

/** One update in the hands of its handlers: its transaction, and what is to happen after it. */
export class UpdateWork {
  private readonly hints: (() => Promise<void>)[] = [];
  private replies = 0;
  /** Set by whoever did something; an update that nobody wanted is ignored. */
  isHandled = false;
  /** Milliseconds after which the update shall be handled anew; everything that was written is rolled back. */
  postponeMs: number | null = null;

  constructor(
    readonly tx: Tx,
    readonly receivedAt: Date,
    readonly id: UpdateId,
    private readonly attempts: number,
  ) {}

  /** A name for the next reply to this update, another one when it is handled after it was handled already. */
  nextReplyKey(): string {
    this.replies += 1;
    return `update:${this.id.botId}:${this.id.updateId}:${this.attempts}:${this.replies}`;
  }

  /** Best effort, once the effects are committed: nothing depends on it. */
  afterwards(hint: () => Promise<void>): void {
    this.hints.push(hint);
  }

  /** Lets the commit wake its followers first: they are waited for, a hint is not. */
  finish(): void {
    setImmediate(() => void Promise.allSettled(this.hints.map((hint) => hint())));
  }
}

// Telegraf makes the context of a handler out of the update alone: this is how the handler's transaction finds it.
const inHand = new WeakMap<object, UpdateWork>();

export async function withWork(update: object, work: UpdateWork, handle: () => Promise<void>): Promise<void> {
  inHand.set(update, work);
  await handle();
}

/** The work that a handler's context belongs to. */
export function workOf(context: Context): UpdateWork {
  const work = inHand.get(context.update);
  if (work === undefined) throw new Error('an update was handled outside of its transaction');
  work.isHandled = true;
  return work;
}
