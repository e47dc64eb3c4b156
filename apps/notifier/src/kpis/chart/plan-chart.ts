/** What the chart of a week shows, before anything is drawn. */
import { type KpiFigure, type KpiReceived } from '@recert/contracts';
import { productName } from '../kpi-message';
import { kpiName, meetsTarget } from '../kpi-lines';
import { numberText } from '../number-text';
import { weekNumber, weekWithDays } from '../week-text';

/** KPIs beyond this stand in the text alone. */
export const MOST_PANELS = 6;
const MOST_WEEKS = 12;
/** Beyond this, axes lose their precision; there is nothing to be seen in such a curve anyway. */
const LARGEST = 1e15;

/** Digits, signs and commas that stand beside a target. */
const LONGEST_NUMBER = 11;

export interface ChartPlan {
  readonly title: string;
  readonly subtitle: string;
  readonly panels: readonly Panel[];
  /** How many panels stand beside each other. */
  readonly columns: 1 | 2;
}

/** One KPI over the weeks. */
export interface Panel {
  readonly name: string;
  /** The week's own value. */
  readonly value: string;
  /** Empty where there is none, or none that can be drawn. */
  readonly unit: string;
  /** Such as `target 10`, and whether it is met; null where there is none. */
  readonly target: { readonly text: string; readonly at: number; readonly isMet: boolean } | null;
  /** Names of the weeks, oldest first, such as W47. */
  readonly weeks: readonly string[];
  /** A value for each week; null where nothing was reported. */
  readonly values: readonly (number | null)[];
  /** Whether the axis begins at 0, as it does unless all the values are far from it. */
  readonly fromZero: boolean;
}

/** @returns null when there is nothing to draw */
export function planChart(report: KpiReceived): ChartPlan | null {
  const panels = report.figures
    .map(toPanel)
    .filter((panel) => panel !== null)
    .slice(0, MOST_PANELS);
  if (panels.length === 0) return null;
  const week = weekWithDays(report.week);
  return {
    title: drawable(productName(report)) || report.productId,
    subtitle: week.charAt(0).toUpperCase() + week.slice(1),
    panels,
    columns: panels.length > 2 ? 2 : 1,
  };
}

/** A value of an axis, as short as can be, such as 1.2M. */
export function axisText(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })
    .format(value)
    .replace('-', '−');
}

/** What of a text the chart's font has: without emoji, and without the scripts that it does not know. */
export function drawable(text: string): string {
  return text.normalize('NFC').replace(UNKNOWN, ' ').replace(/\s+/g, ' ').trim();
}

/** All but what the subsets of the font hold that are loaded. */
const UNKNOWN =
  /[^\u0020-\u007E\u00A0-\u024F\u0384-\u038A\u038C\u038E-\u03A1\u03A3-\u03CE\u0400-\u045F\u0490\u0491\u1EA0-\u1EF9\u2010-\u2015\u2018-\u201E\u2020-\u2022\u2026\u2030\u20AC\u2122\u2191\u2193\u2212]+/gu;

function toPanel(figure: KpiFigure, index: number): Panel | null {
  const { value, unit, target } = figure;
  const weeks = figure.series.slice(-MOST_WEEKS);
  const known = weeks.flatMap((week) => (week.value === null ? [] : [week.value]));
  const heights = target === null ? known : [...known, target];
  if (known.length === 0 || heights.some((height) => !(Math.abs(height) <= LARGEST))) return null;
  return {
    name: drawable(kpiName(figure.name)) || `KPI ${index + 1}`,
    value: shortNumber(value),
    unit: drawable(unit ?? ''),
    target:
      target === null ? null : { text: targetLabel(figure, target), at: target, isMet: meetsTarget(figure) === true },
    weeks: weeks.map(({ week }) => `W${weekNumber(week)}`),
    values: weeks.map((week) => week.value),
    fromZero: Math.min(...heights) >= 0 && Math.min(...heights) < Math.max(...heights) / 2,
  };
}

/** Its unit stands beside the value already. */
function targetLabel({ better }: KpiFigure, target: number): string {
  return `target ${better === 'down' ? 'at most ' : ''}${shortNumber(target)}`;
}

/** A number that was cut off would be another one. */
function shortNumber(value: number): string {
  const text = numberText(value);
  return text.length > LONGEST_NUMBER ? axisText(value) : text;
}
