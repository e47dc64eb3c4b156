import { type ApiError, conflict, pollerReplaced, webhookIsActive } from './api-error';
import { type Update, type UpdateContent } from './api-types';

const messageLifetimeMs = 24 * 60 * 60 * 1000;
/** Telegram forgets a press that nobody fetched within this time. */
const pressLifetimeMs = 150_000;

interface Waiting {
  limit: number;
  resolve(updates: Update[]): void;
  reject(error: ApiError): void;
  timer: NodeJS.Timeout;
}

/** What waits for the bot, in order, until it confirms it; and the one long poll that may wait for it. */
export class UpdateQueue {
  /** The highest offset that the bot has asked with: everything below is confirmed. */
  confirmedOffset = 0;
  webhookUrl = '';
  allowedUpdates: readonly string[] = [];
  private nextId = 457_211_650 + Math.floor(Math.random() * 1_000_000);
  private queue: { update: Update; at: number }[] = [];
  private readonly again: Update[] = [];
  private readonly kept = new Map<number, Update>();
  private waiting: Waiting | undefined;
  private readonly arrivals = new Set<() => void>();

  constructor(private readonly now: () => Date) {}

  /** Returns the update, or undefined when the bot did not allow its kind. */
  push(content: UpdateContent): Update | undefined {
    const kind = Object.keys(content)[0] as string;
    if (this.allowedUpdates.length > 0 && !this.allowedUpdates.includes(kind)) return undefined;
    // Increasing, but nobody promised that each is the one before and one.
    this.nextId += 1 + (this.nextId % 3);
    const update = { update_id: this.nextId, ...content };
    this.kept.set(update.update_id, update);
    this.queue.push({ update, at: this.now().getTime() });
    this.announce();
    return update;
  }

  /** Delivers an update once more, confirmed or not, as Telegram does after a crash between its answer and our offset. */
  redeliver(updateId: number): void {
    const update = this.kept.get(updateId);
    if (update === undefined) throw new Error(`There was no update ${updateId}.`);
    this.again.push(update);
    this.announce();
  }

  /** The updates that are not confirmed yet. */
  pending(): Update[] {
    const now = this.now().getTime();
    this.queue = this.queue.filter(
      ({ update, at }) => now - at < (update.callback_query ? pressLifetimeMs : messageLifetimeMs),
    );
    return this.queue.map(({ update }) => update);
  }

  /** One getUpdates: answers at once when there is something, otherwise when there is, or empty after the timeout. */
  async poll(offset: number | undefined, limit: number, timeoutMs: number): Promise<Update[]> {
    if (this.webhookUrl !== '') throw webhookIsActive();
    this.endPoll(pollerReplaced());
    this.confirm(offset);
    const ready = this.take(limit);
    if (ready.length > 0 || timeoutMs === 0) return ready;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting = undefined;
        resolve([]);
      }, timeoutMs);
      this.waiting = { limit, resolve, reject, timer };
    });
  }

  /** Ends the waiting poll, if there is one: with an error, or as if nobody waited (undefined). */
  endPoll(error: ApiError | undefined): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    if (error) waiting.reject(error);
    else waiting.resolve([]);
  }

  setWebhook(url: string, dropPending: boolean): void {
    this.webhookUrl = url;
    if (url !== '') this.endPoll(conflict('terminated by setWebhook request'));
    if (dropPending) this.queue = [];
    this.announce();
  }

  /** The next update for the webhook, redelivered ones first; undefined when there is none. */
  next(): Update | undefined {
    return this.again[0] ?? this.pending()[0];
  }

  /** The webhook took it. */
  done(update: Update): void {
    const index = this.again.indexOf(update);
    if (index >= 0) this.again.splice(index, 1);
    else this.confirm(update.update_id + 1);
  }

  /** Calls back whenever there is something new; returns what ends that. */
  onArrival(callback: () => void): () => void {
    this.arrivals.add(callback);
    return () => this.arrivals.delete(callback);
  }

  private confirm(offset: number | undefined): void {
    if (offset === undefined || offset === 0) return;
    const pending = this.pending();
    // A negative offset counts from the end, and forgets what is before.
    const from = offset > 0 ? offset : (pending.at(offset)?.update_id ?? pending[0]?.update_id ?? 0);
    this.queue = this.queue.filter(({ update }) => update.update_id >= from);
    this.confirmedOffset = Math.max(this.confirmedOffset, from);
  }

  private take(limit: number): Update[] {
    return [...this.again.splice(0), ...this.pending()].slice(0, limit);
  }

  private announce(): void {
    const { waiting } = this;
    if (waiting !== undefined && this.webhookUrl === '') {
      const updates = this.take(waiting.limit);
      if (updates.length > 0) {
        this.waiting = undefined;
        clearTimeout(waiting.timer);
        waiting.resolve(updates);
      }
    }
    for (const callback of this.arrivals) callback();
  }
}
