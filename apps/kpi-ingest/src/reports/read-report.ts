import { unstorableIn } from '@recert/bus';
import { kpiBody } from '@recert/contracts';
import { type z } from 'zod';
import { type IsoWeek, isWeek, lastEndedWeek, weekOf } from '../weeks/iso-week';

/** As many figures a product may have in one week. */
export const MOST_FIGURES = 200;
const MOST_YEARS_BACK = 10;

/** A figure as the product reports it. What is left out of the last three was said before; null is none. */
export interface ReportedFigure {
  readonly name: string;
  readonly value: number;
  readonly unit?: string | null;
  readonly target?: number | null;
  readonly better?: 'up' | 'down';
}

export interface Report {
  readonly week: IsoWeek;
  /** At least one, each name once. */
  readonly figures: readonly ReportedFigure[];
}

/** The report, or for a person why it is none and how to mend it. */
export type ReadReport =
  { readonly ok: true; readonly report: Report } | { readonly ok: false; readonly reason: string };

/**
 * Understands the body of a request at the KPI hook (`kpiBody`).
 * @param receivedAt decides which week ended last, and which are in the future
 * @param zone of the product
 */
export function readReport(body: Buffer, receivedAt: Date, zone: string): ReadReport {
  const json = parseJson(body);
  if (!json.ok) return json;
  const parsed = kpiBody.safeParse(json.data);
  if (!parsed.success) return refused(complaintOf(parsed.error, json.data));
  const unstorable = unstorableIn(parsed.data, JSON.stringify(parsed.data));
  if (unstorable !== null) return refused(unstorable);
  const week = parsed.data.week ?? lastEndedWeek(receivedAt, zone);
  const figures = parsed.data.kpis.map(toFigure);
  const fault = faultOfWeek(week, weekOf(receivedAt, zone)) ?? faultOfFigures(figures, sentCount(json.data));
  return fault === null ? { ok: true, report: { week, figures } } : refused(fault);
}

function parseJson(body: Buffer): { ok: true; data: unknown } | { ok: false; reason: string } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return refused('the body is not UTF-8');
  }
  try {
    return { ok: true, data: JSON.parse(text) as unknown };
  } catch {
    return refused('the body is not JSON: send {"week": "2026-W47", "kpis": {"signups": 12}}');
  }
}

function toFigure({ name, value, unit, target, better }: z.output<typeof kpiBody>['kpis'][number]): ReportedFigure {
  return {
    ...{ name, value },
    ...(unit === undefined ? {} : { unit: unit === '' ? null : unit }),
    ...(target === undefined ? {} : { target }),
    ...(better === undefined ? {} : { better }),
  };
}

function faultOfWeek(week: IsoWeek, current: IsoWeek): string | null {
  if (!isWeek(week)) return `week: there is no ${week}, that year ends with week 52`;
  if (week > current) return `week: ${week} has not begun, it is ${current} there`;
  const oldest = `${Number(current.slice(0, 4)) - MOST_YEARS_BACK}${current.slice(4)}`;
  return week < oldest ? `week: ${week} is more than ${MOST_YEARS_BACK} years back` : null;
}

function faultOfFigures(figures: readonly ReportedFigure[], sent: number): string | null {
  if (figures.length === 0) return 'kpis: name at least one figure with its value';
  if (sent > MOST_FIGURES) return `kpis: ${sent} figures are more than ${MOST_FIGURES}`;
  const control = figures.find(({ name, unit }) => /\p{Cc}/u.test(name + (unit ?? '')));
  if (control) return `kpis: a control character, such as the end of a line, is in ${JSON.stringify(control.name)}`;
  const names = figures.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) return `kpis: "${twice}" is there twice`;
  // Names that differ in their blanks only have become one field of the parsed body.
  return figures.length < sent ? 'kpis: two names are the same apart from blanks around them' : null;
}

/** How many figures the body names, before names were trimmed. */
function sentCount(data: unknown): number {
  const { kpis } = data as { kpis: object };
  return Array.isArray(kpis) ? kpis.length : Object.keys(kpis).length;
}

/** The first fault, with where it is: of the two shapes that `kpis` may have, in the one that was meant. */
function complaintOf(error: z.ZodError, data: unknown): string {
  const [issue] = error.issues;
  if (issue === undefined) return error.message;
  const shapes = issue.code === 'invalid_union' ? issue.errors : [];
  const meant = Array.isArray((data as { kpis?: unknown } | null)?.kpis) ? shapes[1] : shapes[0];
  const inner = meant?.[0];
  const path = [...issue.path, ...(inner?.path ?? [])].join('.');
  return `${path || 'the body'}: ${(inner ?? issue).message}`;
}

function refused(reason: string): { ok: false; reason: string } {
  return { ok: false, reason };
}
