/** A week of a product's KPIs as far as it was told, and what a report of it means. */
import { type KpiMissed } from '@recert/contracts';
import { type AdminChat } from '../chats/admin-chat';
import { mondayOf } from './week-text';

export interface KpiWeekKey {
  readonly productId: string;
  /** Of ISO 8601, such as 2026-W47. */
  readonly week: string;
}

export interface KpiWeek {
  /** Of the newest report; 0 while there is none. */
  readonly version: number;
  /** The present message; null while there is none. */
  readonly shown: ShownKpis | null;
  readonly missed: { readonly event: KpiMissed; readonly chats: readonly AdminChat[] } | null;
}

export interface ShownKpis {
  readonly saidAt: Date;
  /** Whether the message is the caption of a chart. */
  readonly hasChart: boolean;
  /** Whether a second message goes on with it. */
  readonly hasMore: boolean;
  readonly chats: readonly AdminChat[];
}

/** Who looks at a message that old has scrolled past it: a correction is said anew. */
const FRESH_MS = 48 * 3_600_000;

const DAY_MS = 86_400_000;
/** A week that ended longer ago is no news for somebody who comes late. */
const NEWS_MS = 8 * DAY_MS;

/** Whether a week that nobody was told of is still worth telling. */
export function isStillNews({ week }: { readonly week: string }, now: Date): boolean {
  const end = mondayOf(week).getTime() + 7 * DAY_MS;
  return now.getTime() - end <= NEWS_MS;
}

/** What a report is to become: nothing, a message, another wording of the message, or a message that replaces it. */
export type Telling = 'nothing' | 'say' | 'edit' | 'say-anew';

export function howToTell({ version, shown }: KpiWeek, report: { readonly version: number }, now: Date): Telling {
  if (report.version <= version) return 'nothing';
  if (shown === null) return 'say';
  return now.getTime() - shown.saidAt.getTime() < FRESH_MS ? 'edit' : 'say-anew';
}

/** The threads of a week's messages. */
export function threadsOf({ productId, week }: KpiWeekKey): { first: string; more: string; missed: string } {
  const first = `kpi:${productId}:${week}`;
  return { first, more: `${first}:more`, missed: `kpi-missed:${productId}:${week}` };
}

/** Each chat once. */
export function eachOnce(chats: readonly AdminChat[]): AdminChat[] {
  return [...new Map(chats.map((chat) => [chat.chatId, chat])).values()];
}
