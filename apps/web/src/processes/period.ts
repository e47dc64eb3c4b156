const UNITS: Readonly<Record<string, string>> = { Y: 'year', M: 'month', W: 'week', D: 'day' };

/** An ISO 8601 duration as people say it: `P3M` is "every 3 months". One that is none of ours stays as it is. */
export function periodText(iso: string): string {
  const [, count, unit] = /^P(\d+)([YMWD])$/.exec(iso) ?? [];
  const word = UNITS[unit ?? ''];
  if (count === undefined || word === undefined) return iso;
  return count === '1' ? `every ${word}` : `every ${count} ${word}s`;
}

/** What is offered where a period is chosen. */
export const PERIODS: readonly { readonly value: string; readonly label: string }[] = [
  'P1W',
  'P1M',
  'P3M',
  'P6M',
  'P1Y',
].map((value) => ({ value, label: periodText(value) }));
