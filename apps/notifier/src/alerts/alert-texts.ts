/** Pieces of what people read about alerts. */
import { toWallTime } from '@recert/recertification';
import { type AlertSeverity } from '@recert/contracts';

export const SIGNS: Readonly<Record<AlertSeverity, string>> = { critical: '🔴', warning: '🟠', info: '🔵' };
export const WORDS: Readonly<Record<AlertSeverity, string>> = {
  critical: 'Critical',
  warning: 'Warning',
  info: 'Info',
};
export const OVER_SIGN = '✅';

/** A minute as people write it in the organisation, such as `2026-11-21 10:12`. */
export function minuteIn(zone: string, instant: Date): string {
  const { year, month, day, hour, minute } = toWallTime(instant, zone);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
}

/** How long something lasted, in its two largest units: `40 s`, `30 min`, `2 h 5 min`, `3 d 4 h`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return joined([hours, 'h'], [minutes % 60, 'min']);
  return joined([Math.floor(hours / 24), 'd'], [hours % 24, 'h']);
}

function joined([large, of]: [number, string], [small, ofSmall]: [number, string]): string {
  return small === 0 ? `${large} ${of}` : `${large} ${of} ${small} ${ofSmall}`;
}
