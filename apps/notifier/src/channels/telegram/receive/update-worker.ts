import { Inject, Injectable, Logger } from '@nestjs/common';
import { backOffMs, isOperational, ServiceDatabase, WakeSignal } from '@recert/bus';
import { InjectBot } from 'nestjs-telegraf';
import { type Telegraf } from 'telegraf';
import { type Update } from 'telegraf/types';
import { withoutToken } from '../bot-api-error';
import { BOT_ID } from '../bot-id';
import { type Lease } from '../leadership';
import { UpdateRepository, type StoredUpdate } from './update.repository';
import { UpdateWork, withWork } from './update-work';

/** Only the safety net: whatever is stored wakes the worker. */
const POLL_MS = 5000;
const BATCH = 100;
/** Chats whose updates are handled at the same time: each takes a connection of the pool. */
const AT_ONCE = 3;
/** After this many failures, about two minutes, an update is put aside. */
const MAX_ATTEMPTS = 8;

/** Handles the stored updates: those of one chat in order, those of different chats independently. */
@Injectable()
export class UpdateWorker {
  private readonly log = new Logger('telegram');
  private readonly signal = new WakeSignal();
  private readonly inHand = new Map<string, Promise<void>>();
  /** Chats that have to wait, with the time until which (milliseconds since the epoch). */
  private readonly waiting = new Map<string, number>();
  /** Chats of which something was stored that could not be taken up at once. */
  private readonly behind = new Set<string>();
  /** The lease, once all chats were read and none had to be left for later. */
  private caughtUp: AbortSignal | null = null;

  constructor(
    @InjectBot() private readonly bot: Telegraf,
    @Inject(BOT_ID) private readonly botId: number,
    private readonly database: ServiceDatabase,
    private readonly updates: UpdateRepository,
  ) {}

  wake(): void {
    this.signal.wake();
  }

  /**
   * Hands over what has just been stored: where nothing older is in the way, it is taken up without being read again.
   * @returns false when some of it was not, and has to be found where it is stored
   */
  offer(updates: readonly StoredUpdate[]): boolean {
    let isTaken = true;
    for (const [chat, theirs] of byChat(updates)) {
      const lease = this.caughtUp;
      const isFree = !this.waiting.has(chat) && !this.behind.has(chat);
      if (lease !== null && isFree && this.start(chat, theirs, lease)) continue;
      this.behind.add(chat);
      isTaken = false;
    }
    return isTaken;
  }

  async run({ signal }: Lease): Promise<void> {
    signal.addEventListener('abort', () => this.signal.wake());
    while (!signal.aborted) {
      try {
        await this.takeUp(signal);
        await this.signal.wait(this.untilNext());
      } catch (error) {
        this.log.warn(`Stored updates cannot be read, trying again: ${describe(error)}`);
        await this.signal.wait(1000);
      }
    }
    await Promise.all(this.inHand.values());
  }

  private async takeUp(signal: AbortSignal): Promise<void> {
    if (this.inHand.size >= AT_ONCE) return;
    // What is stored while this reads may come after something that is being read.
    this.caughtUp = null;
    const now = Date.now();
    for (const [chat, until] of this.waiting) if (until <= now) this.waiting.delete(chat);
    const busy = [...this.inHand.keys(), ...this.waiting.keys()];
    for (const chat of [...this.behind]) if (!busy.includes(chat)) this.behind.delete(chat);
    const open = await this.updates.open(this.database.dataSource.manager, this.botId, busy, BATCH);
    let isLeft = open.length === BATCH;
    for (const [chat, updates] of byChat(open)) {
      if (this.start(chat, updates, signal)) continue;
      this.behind.add(chat);
      isLeft = true;
    }
    this.caughtUp = isLeft ? null : signal;
  }

  /** @returns false where the chat has an update in hand already, or too many have */
  private start(chat: string, updates: readonly StoredUpdate[], signal: AbortSignal): boolean {
    if (signal.aborted || this.inHand.has(chat) || this.inHand.size >= AT_ONCE) return false;
    const task = this.handleChat(chat, updates, signal).finally(() => {
      this.inHand.delete(chat);
      if (this.caughtUp === null || this.behind.size > 0 || this.waiting.has(chat)) this.signal.wake();
    });
    this.inHand.set(chat, task);
    return true;
  }

  private untilNext(): number {
    const times = [...this.waiting.values()].map((until) => Math.max(until - Date.now(), 1));
    return Math.min(POLL_MS, ...times);
  }

  /** One after the other; one that cannot be handled now holds back those after it, of this chat alone. */
  private async handleChat(chat: string, updates: readonly StoredUpdate[], signal: AbortSignal): Promise<void> {
    for (const update of updates) {
      if (signal.aborted) return;
      const delayMs = await this.handle(update).catch((error: unknown) => this.settleFailure(update, error));
      if (delayMs === null) continue;
      this.waiting.set(chat, Date.now() + delayMs);
      return;
    }
  }

  /** @returns milliseconds to wait before it is tried again, or null when it is done with */
  private async handle(stored: StoredUpdate): Promise<number | null> {
    const update = JSON.parse(stored.payload) as Update;
    const { botId, updateId } = stored;
    let work: UpdateWork | null = null;
    try {
      await this.database.transaction(async (tx) => {
        if (!(await this.updates.take(tx.db, stored))) return;
        work = new UpdateWork(tx, stored.receivedAt, { botId, updateId }, stored.attempts);
        await withWork(update, work, () => this.bot.handleUpdate(update));
        if (work.postponeMs !== null) throw new Postponed(work.postponeMs);
        if (!work.isHandled) await this.updates.markIgnored(tx.db, stored);
      });
    } catch (error) {
      if (error instanceof Postponed) return error.delayMs;
      throw error;
    }
    (work as UpdateWork | null)?.finish();
    return null;
  }

  private async settleFailure(update: StoredUpdate, error: unknown): Promise<number | null> {
    const reason = describe(error);
    // The database was away: that is not the update's fault.
    if (isOperational(error)) {
      this.log.warn(`The update ${update.updateId} has to wait for the database: ${reason}`);
      return 1000;
    }
    const park = update.attempts + 1 >= MAX_ATTEMPTS;
    try {
      await this.updates.noteFailure(this.database.dataSource.manager, update, reason, park);
    } catch {
      return 1000;
    }
    if (park) this.log.error(`The update ${update.updateId} cannot be handled and was put aside: ${reason}`);
    else this.log.warn(`The update ${update.updateId} could not be handled, trying again: ${reason}`);
    return park ? null : backOffMs(update.attempts + 1);
  }
}

/** Ends the transaction of an update that shall be handled anew. */
class Postponed extends Error {
  constructor(readonly delayMs: number) {
    super('postponed');
  }
}

function byChat(updates: readonly StoredUpdate[]): Map<string, StoredUpdate[]> {
  const chats = new Map<string, StoredUpdate[]>();
  for (const update of updates) chats.set(update.chatKey, [...(chats.get(update.chatKey) ?? []), update]);
  return chats;
}

function describe(error: unknown): string {
  return withoutToken(error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 1000);
}
