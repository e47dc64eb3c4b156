/** What people read on the fallback: headlines alone, and nobody's name. */
import { durationText } from '../../alerts/alert-texts';
import { dayAndTime } from '../../kpis/week-text';
import { Priority } from '../../messages/delivery';
import { cut } from '../../messages/rich-text';
import { type FallbackMessage, Urgency } from './fallback-delivery';
import { type News, type WaitingNews } from './plan-news';

/** Bytes: of more than 4096 ntfy makes a file. */
const LONGEST = 3_600;
const LONGEST_HEADLINE = 200;
const MOST_LINES = 40;

/** Where people read it. */
export interface FallbackPlace {
  /** IANA zone of the organisation. */
  readonly zone: string;
  /** Where the console is; null where that is not known. */
  readonly publicUrl: string | null;
}

/** Threads of deliveries that are news of how things run, for admins. Questions and answers wait for Telegram. */
export const NEWS_OF = ['alert', 'storm', 'task', 'kpi-missed', 'letters', 'subscription', 'alive'] as const;

/** The one line that says what a message to Telegram is about, without whose it is and without what a program said. */
export function headlineOf(thread: string, text: string): string {
  const lines = text.split('\n');
  if (thread.startsWith('alert:')) return cut(lines.slice(0, 2).join(': '), LONGEST_HEADLINE);
  const [line = ''] = lines;
  // Why a letter is dead may quote what was in it.
  if (thread.startsWith('letters:')) return cut(line.replace(/\): .*$/, ')'), LONGEST_HEADLINE);
  return cut(line.replace(/ \/alerts lists all\.$/, ''), LONGEST_HEADLINE);
}

/** @param isFirst whether nothing was said of this outage before */
export function newsMessage(
  { fresh, changed }: News,
  { since, isFirst }: { readonly since: Date; readonly isFirst: boolean },
  place: FallbackPlace,
): FallbackMessage {
  const at = dayAndTime(since, place.zone);
  const opening = isFirst
    ? `Telegram has been unreachable since ${at}. ${waitText(fresh.length)}`
    : `Telegram is still unreachable, since ${at}.`;
  const lines = [
    ...(fresh.length === 0 || isFirst ? [] : ['', 'New:']),
    ...fresh.map(({ headline }) => `- ${headline}`),
    ...(changed.length === 0 ? [] : ['', 'Changed:']),
    ...changed.map(({ headline }) => `- ${headline}`),
  ];
  const title = isFirst ? 'Recert: Telegram is unreachable' : `Recert: ${countText(fresh.length, changed.length)}`;
  return { urgency: urgencyOf(fresh), title, text: fitted(opening, lines, linkTo(place, '/messages')) };
}

export function endMessage(since: Date, backAt: Date, waiting: number, { zone }: FallbackPlace): FallbackMessage {
  const lasted = durationText(backAt.getTime() - since.getTime());
  const rest = waiting === 0 ? 'Nothing waits any more.' : 'What waited is being sent there now.';
  const text = `Telegram is back since ${dayAndTime(backAt, zone)}, after ${lasted}. ${rest}`;
  return { urgency: Urgency.normal, title: 'Recert: Telegram is back', text };
}

/** @param by name of whoever wanted it */
export function testMessage(by: string): FallbackMessage {
  const text = `This is a test that ${by} wanted. While Telegram is unreachable, alerts and other news are told here.`;
  return { urgency: Urgency.normal, title: 'Recert: a test of the fallback', text };
}

function waitText(count: number): string {
  if (count === 0) return 'What there is to say waits, and will be there when it is back.';
  return `${count === 1 ? 'This message waits' : 'These messages wait'}, and will be there when it is back:`;
}

function countText(fresh: number, changed: number): string {
  const count = fresh > 0 ? fresh : changed;
  const what = fresh > 0 ? 'new' : 'changed';
  return `${count} ${what} while Telegram is unreachable`;
}

function urgencyOf(fresh: readonly WaitingNews[]): Urgency {
  const first = Math.min(...fresh.map(({ priority }) => priority));
  if (first <= Priority.critical) return Urgency.highest;
  return first <= Priority.warning ? Urgency.high : Urgency.normal;
}

function linkTo({ publicUrl }: FallbackPlace, path: string): string {
  return publicUrl === null ? '' : `\n\n${publicUrl}${path}`;
}

/** As many lines as there is room for, and how many there are besides. */
function fitted(opening: string, lines: readonly string[], end: string): string {
  let text = opening;
  for (const [index, line] of lines.entries()) {
    const more = `\nand ${lines.length - index} more lines`;
    const isFull = Buffer.byteLength(`${text}\n${line}${more}${end}`) > LONGEST;
    if (isFull || index >= MOST_LINES) return `${text}${more}${end}`;
    text += `\n${line}`;
  }
  return `${text}${end}`;
}
