const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
/** As many letters tell every two days apart. */
const SHORT = 3;
const MIDDAY = '12:00';

/** When the KPIs of a week are due where a product does not say. */
export const DEFAULT_DUE_BY = `mon ${MIDDAY}`;

/** A day and a time of the week after as `mon 12:00`, or why a text is none. */
export type ParsedDueBy =
  { readonly ok: true; readonly dueBy: string } | { readonly ok: false; readonly reason: string };

/**
 * Reads a day of the week, short or long, in any case, and a time of 24 hours behind it; without one, midday is meant.
 * @param text e.g. `Monday`, `mon 9:00`, `TUE 17:30`
 */
export function parseDueBy(text: string): ParsedDueBy {
  const [, word, time = MIDDAY] = /^\s*([a-z]+)(?:\s+(\d{1,2}:\d{2}))?\s*$/i.exec(text) ?? [];
  const day = word === undefined ? null : dayOf(word.toLowerCase());
  const [hour = '', minute = ''] = time.split(':');
  if (day === null || Number(hour) > 23 || Number(minute) > 59) {
    return { ok: false, reason: `"${text}" is no day and time: write for example ${DEFAULT_DUE_BY}` };
  }
  return { ok: true, dueBy: `${day} ${hour.padStart(2, '0')}:${minute}` };
}

function dayOf(word: string): string | null {
  if (word.length < SHORT) return null;
  return DAYS.find((day) => day.startsWith(word))?.slice(0, SHORT) ?? null;
}
