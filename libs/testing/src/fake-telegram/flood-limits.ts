import { type ApiError, tooManyRequests } from './api-error';

export interface FloodLimits {
  /** Least time between two messages to one chat. */
  perChatMs: number;
  /** Messages to one group in any minute. */
  perGroupAndMinute: number;
  /** Messages to all chats in any second. */
  perSecond: number;
  /** What the way through the network may shift a well-paced message; the limits are strict beyond it. */
  toleranceMs: number;
}

export const strictLimits: FloodLimits = { perChatMs: 1000, perGroupAndMinute: 20, perSecond: 30, toleranceMs: 30 };

export interface Flood {
  method: string;
  chatId: number;
  /** Which limit it was. */
  limit: 'chat' | 'group' | 'overall';
  at: Date;
  /** In seconds, as answered. */
  retryAfter: number;
}

/** Counts sends and edits together, as Telegram does; what is refused counts for nothing. */
export class FloodControl {
  readonly floods: Flood[] = [];
  private accepted: { chatId: number; at: number }[] = [];

  /** @param limits undefined switches the limits off */
  constructor(public limits: FloodLimits | undefined) {}

  /** Throws 429 with the seconds to wait and records it, or counts the message. */
  admit(method: string, chatId: number, now: Date): void {
    const { limits } = this;
    if (limits === undefined) return;
    const at = now.getTime();
    this.accepted = this.accepted.filter((one) => at - one.at < 60_000);
    const [limit, wait] = this.longestWait(limits, chatId, at);
    if (wait > 0)
      throw this.refuse({ method, chatId, limit, at: now, retryAfter: Math.max(1, Math.ceil(wait / 1000)) });
    this.accepted.push({ chatId, at });
  }

  private longestWait(limits: FloodLimits, chatId: number, at: number): readonly [Flood['limit'], number] {
    const here = this.accepted.filter((one) => one.chatId === chatId).map((one) => one.at);
    const all = this.accepted.map((one) => one.at);
    const waits: [Flood['limit'], number][] = [
      ['chat', waitFor(here, 1, limits.perChatMs - limits.toleranceMs, at)],
      ['group', chatId < 0 ? waitFor(here, limits.perGroupAndMinute, 60_000 - limits.toleranceMs, at) : 0],
      ['overall', waitFor(all, limits.perSecond, 1000 - limits.toleranceMs, at)],
    ];
    return waits.reduce((longest, one) => (one[1] > longest[1] ? one : longest));
  }

  private refuse(flood: Flood): ApiError {
    this.floods.push(flood);
    return tooManyRequests(flood.retryAfter);
  }
}

/** How long until there are fewer than `count` of the times within the window that ends now. */
function waitFor(times: readonly number[], count: number, windowMs: number, at: number): number {
  const oldest = times.at(-count);
  return oldest === undefined ? 0 : Math.max(0, oldest + windowMs - at);
}
