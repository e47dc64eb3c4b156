import { type Schema } from '../api/client';
import { addWeeks } from './week';

type Line = Schema<'KpiView'>;

/** One figure of a product over the weeks that are shown. */
export interface KpiSeries {
  readonly name: string;
  readonly unit: string | null;
  readonly target: number | null;
  readonly better: 'up' | 'down';
  /** One point a week; null where it was not reported. */
  readonly points: readonly { readonly week: string; readonly value: number | null }[];
  readonly newest: { readonly week: string; readonly value: number };
  /** What it was in the week before the newest; null where that is not known. */
  readonly before: number | null;
}

/** @param weeks that are shown, oldest first @param lines of one product, in any order; those of other weeks are left out */
export function seriesOf(lines: readonly Line[], weeks: readonly string[]): KpiSeries[] {
  const byName = new Map<string, Map<string, Line>>();
  for (const line of lines) {
    if (!weeks.includes(line.week)) continue;
    byName.set(line.name, (byName.get(line.name) ?? new Map<string, Line>()).set(line.week, line));
  }
  return [...byName].sort(([a], [b]) => a.localeCompare(b)).map(([name, values]) => oneSeries(name, values, weeks));
}

function oneSeries(name: string, values: ReadonlyMap<string, Line>, weeks: readonly string[]): KpiSeries {
  const newest = values.get(weeks.findLast((week) => values.has(week))!)!;
  const { unit, target, better, week, value } = newest;
  return {
    ...{ name, unit, target, better, newest: { week, value } },
    before: values.get(addWeeks(week, -1))?.value ?? null,
    points: weeks.map((each) => ({ week: each, value: values.get(each)?.value ?? null })),
  };
}

/** "12", "1,234.5", "0.0012": as many digits as tell numbers apart. */
export function numberText(value: number): string {
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 6 }).format(value);
}

/** As short as an axis needs it: "1.2M". */
export function tickText(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 }).format(value);
}

/** Whether the target is met by the newest value; null where there is none. */
export function isMet({ newest: { value }, target, better }: KpiSeries): boolean | null {
  if (target === null) return null;
  return better === 'up' ? value >= target : value <= target;
}

/** The step from the week before, such as "+3 (+25 %)", and whether it goes the good way; null where nothing is known. */
export function changeOf({
  newest: { value },
  before,
  better,
}: KpiSeries): { text: string; isGood: boolean | null } | null {
  if (before === null) return null;
  const step = value - before;
  if (step === 0) return { text: 'as the week before', isGood: null };
  const sign = step > 0 ? '+' : '−';
  const share = before === 0 ? '' : ` (${sign}${numberText(Math.round(Math.abs(step / before) * 1000) / 10)} %)`;
  return { text: `${sign}${numberText(Math.abs(step))}${share}`, isGood: step > 0 === (better === 'up') };
}
