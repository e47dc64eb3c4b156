/** What people read of a week's KPIs. */
import { type KpiReceived } from '@recert/contracts';
import { compose, MESSAGE_LIMIT, type Message, type Part, type RichText } from '../messages/rich-text';
import { shortName } from '../questions/sentences';
import { figureLine, kpiName, missingLine } from './kpi-lines';
import { dayAndTime, weekNumber, weekWithDays } from './week-text';

/** UTF-16 units that the text under a photo may have. */
export const CAPTION_LIMIT = 1024;
/** Names of a correction beyond this are only counted: they are marked below. */
const MOST_CORRECTED = 5;

type Line = readonly Part[];

/** A week's KPIs as one message, and a second one for what does not fit in; null where everything does. */
export interface KpiMessages {
  readonly first: Message;
  readonly more: Message | null;
}

/**
 * @param of.zone IANA zone in which instants are shown
 * @param of.limit UTF-16 units of the first message: `CAPTION_LIMIT` under a chart, `MESSAGE_LIMIT` without one
 */
export function kpiMessages(
  report: KpiReceived,
  { zone, limit }: { readonly zone: string; readonly limit: number },
): KpiMessages {
  const lines = kpiLines(report);
  const head = [...testLines(report), titleLine(report), ...remarks(report, zone), [] as Line];
  const fitting = countFitting(head, lines, limit);
  if (fitting === lines.length) return { first: toMessage([...head, ...lines]), more: null };
  const rest = lines.slice(fitting);
  const title = [...testLines(report), moreTitle(report), [] as Line];
  const most = countFitting([...title, leftOut(rest.length)], rest, MESSAGE_LIMIT);
  const left = rest.length - most;
  const more = [...title, ...rest.slice(0, most), ...(left === 0 ? [] : [leftOut(left)])];
  return { first: toMessage([...head, ...lines.slice(0, fitting)]), more: toMessage(more) };
}

/** What a message says once another has taken its place. */
export function replacedMessage(report: KpiReceived): Message {
  return toMessage([titleLine(report), [{ text: 'Corrected since then: the message below replaces this one.' }]]);
}

/** What a second message says that is no longer needed. */
export function nothingMoreMessage(report: KpiReceived): Message {
  return toMessage([moreTitle(report), [{ text: 'Everything is in the message above now.' }]]);
}

/** The week in a few lines, for somebody who asks how things stand. */
export function kpiSummaryLines(report: KpiReceived, most: number): Part[] {
  const lines = kpiLines(report);
  const shown = lines.slice(0, most);
  if (shown.length < lines.length) shown.push(leftOut(lines.length - shown.length));
  return joined([titleLine(report), ...shown]);
}

/** How a product is called in a sentence. */
export function productName({ productId, productName: name }: { productId: string; productName: string }): string {
  return shortName(name) || productId;
}

function kpiLines({ figures, missing, corrected }: KpiReceived): Line[] {
  const changed = new Set(corrected ?? []);
  return [...figures.map((each) => figureLine(each, changed.has(each.name))), ...missing.map(missingLine)];
}

/** Before everything else, so that nobody takes it for a report. */
function testLines({ test, testBy }: KpiReceived): Line[] {
  if (!test) return [];
  return [[{ text: `This is a test sent by ${shortName(testBy ?? '') || 'somebody'}: nothing of it was counted.` }]];
}

function titleLine(report: KpiReceived): Line {
  return [{ text: productName(report), style: 'bold' }, { text: `, ${weekWithDays(report.week)}` }];
}

function moreTitle(report: KpiReceived): Line {
  return [{ text: productName(report), style: 'bold' }, { text: `, week ${weekNumber(report.week)}, continued` }];
}

function remarks({ corrected, late, receivedAt, figures }: KpiReceived, zone: string): Line[] {
  const at = dayAndTime(new Date(receivedAt), zone);
  const lines: Line[] = [];
  if (corrected !== null) lines.push([{ text: correctionText(corrected, at) }]);
  else if (late) lines.push([{ text: `Late: it arrived on ${at}.` }]);
  if (figures.length === 0) lines.push([{ text: 'The report has no KPI in it.' }]);
  return lines;
}

function correctionText(corrected: readonly string[], at: string): string {
  if (corrected.length === 0) return `Reported again on ${at}, with the same values.`;
  const names = corrected.slice(0, MOST_CORRECTED).map(kpiName);
  const more = corrected.length - names.length;
  return `Corrected on ${at}: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

function leftOut(count: number): Line {
  return [{ text: count === 1 ? 'and 1 more' : `and ${count} more` }];
}

/** How many of the lines fit behind the head: always whole ones. */
function countFitting(head: readonly Line[], lines: readonly Line[], limit: number): number {
  let length = lengthOf(head);
  const tooMuch = lines.findIndex((line) => {
    length += 1 + lengthOf([line]);
    return length > limit;
  });
  return tooMuch < 0 ? lines.length : tooMuch;
}

function lengthOf(lines: readonly Line[]): number {
  return joined(lines).reduce((sum, part) => sum + part.text.length, 0);
}

function joined(lines: readonly Line[]): Part[] {
  return lines.flatMap((line, i) => (i === 0 ? line : [{ text: '\n' }, ...line]));
}

function toMessage(lines: readonly Line[]): Message {
  const { text, entities }: RichText = compose(joined(lines));
  return { text: text.trimEnd(), entities, buttons: [] };
}
