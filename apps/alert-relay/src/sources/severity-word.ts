import { type AlertSeverity } from '@recert/contracts';

const CRITICAL: ReadonlySet<string> = new Set([
  ...['critical', 'crit', 'page', 'fatal', 'error', 'err', 'emergency', 'disaster', 'high', 'p1'],
]);
const WARNING: ReadonlySet<string> = new Set(['warning', 'warn', 'medium', 'average', 'p2']);

/** @returns what a source's own word for a severity means: info for one that is not known, null where there is none */
export function severityOfWord(word: string | null): AlertSeverity | null {
  if (word === null) return null;
  const lower = word.toLowerCase();
  if (CRITICAL.has(lower)) return 'critical';
  return WARNING.has(lower) ? 'warning' : 'info';
}
