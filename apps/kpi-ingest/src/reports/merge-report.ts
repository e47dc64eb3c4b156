import { type ReportedFigure } from './read-report';

/** The unit, the target and the direction of a figure. */
export interface Meaning {
  readonly unit: string | null;
  readonly target: number | null;
  /** Whether more is better, or less. */
  readonly better: 'up' | 'down';
}

/** One figure of one week, as it was reported last. */
export interface Figure extends Meaning {
  readonly name: string;
  readonly value: number;
  /** When this value came. */
  readonly receivedAt: Date;
}

export interface Merged {
  /** All figures of the week now, by name. */
  readonly figures: readonly Figure[];
  /** Those of them that are new or other than before. */
  readonly changed: readonly Figure[];
  /** Figures whose value has become another, as they were before. */
  readonly former: readonly Figure[];
}

const unsaid: Meaning = { unit: null, target: null, better: 'up' };

/**
 * The figures of a week after a report of it. Names that are not in the report stay as they are; so do figures that came
 * later than this report, which may have been held up.
 * @param present the week's figures before
 * @param remembered what was said of a name for the nearest week before this one
 */
export function mergeReport(
  present: readonly Figure[],
  remembered: ReadonlyMap<string, Meaning>,
  reported: readonly ReportedFigure[],
  receivedAt: Date,
): Merged {
  const figures = new Map(present.map((figure) => [figure.name, figure]));
  const changed: Figure[] = [];
  const former: Figure[] = [];
  for (const { name, value, ...said } of reported) {
    const before = figures.get(name);
    if (before && before.receivedAt > receivedAt) continue;
    const { unit, target, better } = { ...(before ?? remembered.get(name) ?? unsaid), ...said };
    const after: Figure = { name, value, unit, target, better, receivedAt };
    if (before && isSame(before, after)) continue;
    if (before && before.value !== value) former.push(before);
    // A new unit does not make the value a newer one.
    const kept = before?.value === value ? { ...after, receivedAt: before.receivedAt } : after;
    changed.push(kept);
    figures.set(name, kept);
  }
  return { figures: [...figures.values()].sort(byName), changed, former };
}

function isSame(a: Figure, b: Figure): boolean {
  return a.value === b.value && a.unit === b.unit && a.target === b.target && a.better === b.better;
}

function byName(a: Figure, b: Figure): number {
  return a.name < b.name ? -1 : 1;
}
