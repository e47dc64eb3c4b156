import { type KpiFigure } from '@recert/contracts';
import { addWeeks, type IsoWeek, weeksUpTo } from '../weeks/iso-week';
import { type Figure } from './merge-report';

/** As many weeks a series has, the reported one included. */
export const SERIES_WEEKS = 12;
/** As many weeks before are what is usual. */
const USUAL_WEEKS = 4;
/** So that an event stays within its size, whatever names a product invents. */
const MOST_MISSING = 200;

/** A value of a week before. */
export interface PastValue {
  readonly week: IsoWeek;
  readonly name: string;
  readonly value: number;
}

export interface Comparison {
  readonly figures: KpiFigure[];
  /** Names of one of the four weeks before that are not in this one, sorted. */
  readonly missing: string[];
}

/**
 * The figures of a week beside what they were before.
 * @param past of the eleven weeks before, in any order
 */
export function compareFigures(week: IsoWeek, figures: readonly Figure[], past: readonly PastValue[]): Comparison {
  const byName = new Map<string, Map<IsoWeek, number>>();
  for (const each of past) {
    const values = byName.get(each.name) ?? new Map<IsoWeek, number>();
    byName.set(each.name, values.set(each.week, each.value));
  }
  const present = new Set(figures.map(({ name }) => name));
  const usualFrom = addWeeks(week, -USUAL_WEEKS);
  const usual = new Set(past.filter((each) => each.week >= usualFrom && each.week < week).map(({ name }) => name));
  const missing = [...usual].filter((name) => !present.has(name)).sort();
  const weeks = weeksUpTo(week, SERIES_WEEKS);
  return {
    figures: figures.map((figure) => compared(weeks, figure, byName.get(figure.name) ?? new Map<IsoWeek, number>())),
    missing: missing.slice(0, MOST_MISSING),
  };
}

/** @param weeks oldest first; the last one is the figure's */
function compared(weeks: readonly IsoWeek[], figure: Figure, past: ReadonlyMap<IsoWeek, number>): KpiFigure {
  const { name, value, unit, target, better } = figure;
  const before = weeks.slice(0, -1);
  const values = before.map((week) => past.get(week) ?? null);
  const usual = values.slice(-USUAL_WEEKS).filter((each) => each !== null);
  return {
    ...{ name, value, unit, target, better },
    previous: values.at(-1) ?? null,
    median: median(usual),
    series: weeks.map((week, i) => ({ week, value: i < before.length ? values[i]! : value })),
  };
}

/** The middle one, or the mean of the two in the middle; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) return null;
  const sum = lower + upper;
  // Beyond all numbers may be the sum of two, not that of their halves.
  return Number.isFinite(sum) ? sum / 2 : lower / 2 + upper / 2;
}
