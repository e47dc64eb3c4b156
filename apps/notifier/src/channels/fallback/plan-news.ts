/** When the fallback says something again, and of what: pure, time is an argument. */

const MINUTE_MS = 60_000;
/** What is new is gathered for so long, so that a storm is a message a minute. */
const NEWS_EVERY_MS = MINUTE_MS;
/** What only reads otherwise by now waits for news to go with, or for so long. */
const CHANGES_EVERY_MS = 5 * MINUTE_MS;

/** Something that waits for Telegram, however many chats it is for. */
export interface WaitingNews {
  /** What it speaks of, such as `alert:` and an id. */
  readonly thread: string;
  /** As of a delivery to Telegram: lower goes first. */
  readonly priority: number;
  readonly headline: string;
}

/** What was said on one way in this outage. */
export interface Told {
  /** By thread, how it read last. */
  readonly headlines: ReadonlyMap<string, string>;
  /** When the last message was made; null before the first. */
  readonly lastAt: Date | null;
  /** Whether one is not sent yet: then all that comes waits for the next. */
  readonly isSending: boolean;
}

/** What one message says, each part the most urgent first. */
export interface News {
  readonly fresh: readonly WaitingNews[];
  readonly changed: readonly WaitingNews[];
}

/** @returns null where nothing is to be said now */
export function planNews(waiting: readonly WaitingNews[], told: Told, now: Date): News | null {
  if (told.isSending) return null;
  const ordered = [...waiting].sort((a, b) => a.priority - b.priority);
  const fresh = ordered.filter(({ thread }) => !told.headlines.has(thread));
  const changed = ordered.filter(({ thread, headline }) => (told.headlines.get(thread) ?? headline) !== headline);
  if (told.lastAt === null) return { fresh, changed };
  const agoMs = now.getTime() - told.lastAt.getTime();
  const isDue = (fresh.length > 0 && agoMs >= NEWS_EVERY_MS) || (changed.length > 0 && agoMs >= CHANGES_EVERY_MS);
  return isDue ? { fresh, changed } : null;
}
