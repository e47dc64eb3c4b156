import { type AlertSeverity } from '@recert/contracts';

const OF_LEVEL: ReadonlyMap<unknown, AlertSeverity> = new Map([
  ['fatal', 'critical'],
  ['critical', 'critical'],
  ['warning', 'warning'],
  ['info', 'info'],
  ['debug', 'info'],
  ['sample', 'info'],
]);
/** Sentry writes a priority as a word in an issue and as a number in an occurrence. */
const HIGH: ReadonlySet<unknown> = new Set(['high', 75]);
const LOWER: ReadonlySet<unknown> = new Set(['medium', 50, 'low', 25]);

/**
 * How bad it is, by level and priority: an error is a warning, and critical when its priority is high.
 * @returns null when nothing is said, or only that it is an error of a priority that is not told
 */
export function sentrySeverity(level: unknown, priority: unknown): AlertSeverity | null {
  if (level !== 'error') return OF_LEVEL.get(level) ?? null;
  if (HIGH.has(priority)) return 'critical';
  return LOWER.has(priority) ? 'warning' : null;
}
