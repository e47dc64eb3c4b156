/** How fast may be spoken: what Telegram allows, held to even when the network shifts calls against each other. */

const PER_CHAT_MS = 1000;
const PER_SECOND = 30;
const PER_GROUP_AND_MINUTE = 20;
const MINUTE_MS = 60_000;
/** Of what is said in threads, how much a chat hears in a minute before numbers wait; so many of it can be new messages. */
const THREADS_PER_MINUTE = 20;
const NEW_IN_THREADS_PER_MINUTE = 9;
/** Two chats that are told to wait so soon after each other, and nothing got through between: all of them are meant. */
const SAME_FLOOD_MS = 1000;

/** Negative ids are groups. */
const isGroup = (chatId: number): boolean => chatId < 0;

/** What a call is in a thread: a new message, or an edit of one; null where it is of none. */
export type InThread = 'new' | 'edit' | null;

interface Call {
  readonly chatId: number;
  readonly inThread: InThread;
  /** When it was answered, null while it is not. */
  endedAt: number | null;
}

/**
 * A call is counted from when it began until a while after it was *answered*: when it arrived in between is not known,
 * and two calls that left a second apart may arrive closer together. Times are milliseconds of one clock.
 */
export class Pace {
  private calls: Call[] = [];
  private readonly pauses = new Map<number, number>();
  private pausedAllUntil = 0;
  private lastFlood: { chatId: number; at: number } | null = null;

  /** @returns what is to be given to `end` when the call is answered, or has failed */
  begin(chatId: number, inThread: InThread = null): object {
    const call: Call = { chatId, inThread, endedAt: null };
    this.calls.push(call);
    return call;
  }

  end(call: object, now: number): void {
    (call as Call).endedAt = now;
  }

  /** Something got through: whoever was told to wait before was meant alone. */
  gotThrough(): void {
    this.lastFlood = null;
  }

  /** Telegram asks for silence. @returns the chat it is kept in; null when in all of them */
  pause(chatId: number, waitMs: number, now: number): number | null {
    const last = this.lastFlood;
    const isGlobal = last !== null && last.chatId !== chatId && now - last.at < SAME_FLOOD_MS;
    this.lastFlood = { chatId, at: now };
    if (isGlobal) this.pauseAll(now + waitMs);
    else this.pauseChat(chatId, now + waitMs);
    return isGlobal ? null : chatId;
  }

  pauseChat(chatId: number, until: number): void {
    this.pauses.set(chatId, Math.max(until, this.pauses.get(chatId) ?? 0));
  }

  pauseAll(until: number): void {
    this.pausedAllUntil = Math.max(until, this.pausedAllUntil);
  }

  /** How many calls may begin now, whatever chat they are for. */
  free(now: number): number {
    this.forget(now);
    if (this.pausedAllUntil > now) return 0;
    return PER_SECOND - this.calls.filter((call) => within(call, now, 1000)).length;
  }

  /** Chats that must not be spoken to now. */
  busy(now: number): number[] {
    this.forget(now);
    const chats = new Set([...this.pauses.keys(), ...this.calls.map((call) => call.chatId)]);
    return [...chats].filter((chatId) => this.freeAt(chatId, now) > now);
  }

  /**
   * Chats that heard so much of threads within a minute that numbers have to wait. What is left of the minute is kept for
   * as many new messages as may still come.
   */
  crowded(now: number): number[] {
    this.forget(now);
    const chats = new Set(this.calls.flatMap((call) => (call.inThread === null ? [] : [call.chatId])));
    return [...chats].filter((chatId) => this.isCrowded(chatId));
  }

  /** Chats that heard all of threads that a minute allows: only what is most urgent goes on. */
  full(now: number): number[] {
    return this.crowded(now).filter((chatId) => this.inThreads(chatId).length >= THREADS_PER_MINUTE);
  }

  /** The next moment at which something that is forbidden now becomes allowed; null when nothing is. */
  nextChange(now: number): number | null {
    this.forget(now);
    const times = this.busy(now).map((chatId) => this.freeAt(chatId, now));
    if (this.pausedAllUntil > now) times.push(this.pausedAllUntil);
    for (const chatId of this.crowded(now)) {
      const [first] = this.inThreads(chatId).flatMap(({ endedAt }) => (endedAt === null ? [] : [endedAt]));
      if (first !== undefined) times.push(first + MINUTE_MS);
    }
    if (this.free(now) <= 0)
      times.push(...this.calls.flatMap(({ endedAt }) => (endedAt === null ? [] : [endedAt + 1000])));
    const ahead = times.filter((time) => time > now && Number.isFinite(time));
    return ahead.length === 0 ? null : Math.min(...ahead);
  }

  private isCrowded(chatId: number): boolean {
    const calls = this.inThreads(chatId);
    const fresh = calls.filter(({ inThread }) => inThread === 'new').length;
    return calls.length >= THREADS_PER_MINUTE - Math.max(0, NEW_IN_THREADS_PER_MINUTE - fresh);
  }

  private inThreads(chatId: number): readonly Call[] {
    return this.calls.filter((call) => call.chatId === chatId && call.inThread !== null);
  }

  /** Infinity while a call to the chat is under way: its end is what is waited for then. */
  private freeAt(chatId: number, now: number): number {
    const here = this.calls.filter((call) => call.chatId === chatId);
    if (here.some((call) => call.endedAt === null)) return Number.POSITIVE_INFINITY;
    const ends = here.map((call) => call.endedAt ?? now).sort((a, b) => a - b);
    const last = ends.at(-1);
    const twentieth = isGroup(chatId) ? ends.at(-PER_GROUP_AND_MINUTE) : undefined;
    return Math.max(
      this.pauses.get(chatId) ?? 0,
      last === undefined ? 0 : last + PER_CHAT_MS,
      twentieth === undefined ? 0 : twentieth + MINUTE_MS,
    );
  }

  private forget(now: number): void {
    this.calls = this.calls.filter((call) => within(call, now, isKeptForAMinute(call) ? MINUTE_MS : PER_CHAT_MS));
    for (const [chatId, until] of this.pauses) if (until <= now) this.pauses.delete(chatId);
  }
}

function isKeptForAMinute({ chatId, inThread }: Call): boolean {
  return isGroup(chatId) || inThread !== null;
}

function within({ endedAt }: Call, now: number, ms: number): boolean {
  return endedAt === null || endedAt + ms > now;
}
