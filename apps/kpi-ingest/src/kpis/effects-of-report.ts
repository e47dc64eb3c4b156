import { type KpiTestView } from '@recert/contracts';
import { type Acceptable } from '../reports/accept-report';

/** What a report would do to each figure that it names, in the order of the week. */
export function effectsOf({ report, soFar, merged }: Acceptable): KpiTestView['figures'] {
  const named = new Set(report.figures.map(({ name }) => name));
  const present = new Set(soFar.present.map(({ name }) => name));
  const changed = new Set(merged.changed.map(({ name }) => name));
  return merged.figures
    .filter(({ name }) => named.has(name))
    .map(({ name, value, unit, target, better }) => {
      const effect = !changed.has(name) ? 'kept' : present.has(name) ? 'corrected' : 'new';
      return { name, value, unit, target, better, effect };
    });
}
