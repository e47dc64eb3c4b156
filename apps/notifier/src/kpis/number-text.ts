/** Numbers as people read them: never an exponent, never more digits than say something. */

const TRILLION = 1e12;
const LARGEST = 1e18;
/** Below this only zeros would be seen. */
const SMALLEST = 1e-6;

/** @returns such as `1,234.5`, `0.00123`, `−3`; what is no finite number is `unknown` */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  const size = Math.abs(value);
  const digits = sizeText(size);
  return value < 0 && digits !== '0' ? `−${digits}` : digits;
}

/** The same with a sign always, unless it is nothing. */
export function signedText(value: number): string {
  return value > 0 && numberText(value) !== '0' ? `+${numberText(value)}` : numberText(value);
}

/** @returns such as `12 EUR` or `3.2%` */
export function withUnit(number: string, unit: string | null): string {
  if (unit === null || unit === '') return number;
  return unit.startsWith('%') ? `${number}${unit}` : `${number} ${unit}`;
}

/**
 * How much `value` is more than `base`, such as `+33%`.
 * @returns null where a percentage says nothing: of a base that is not above 0, of a change beyond all measure or too
 *   small to be seen
 */
export function percentText(value: number, base: number): string | null {
  if (!(base > 0)) return null;
  const percent = (value / base - 1) * 100;
  if (!Number.isFinite(percent) || Math.abs(percent) >= 10_000) return null;
  const size = Math.abs(percent);
  const digits = grouped(size, size < 1 ? 2 : size < 10 ? 1 : 0);
  return digits === '0' ? null : `${percent < 0 ? '−' : '+'}${digits}%`;
}

function sizeText(size: number): string {
  if (size >= LARGEST) return `over ${grouped(LARGEST / TRILLION, 0)} trillion`;
  if (size >= TRILLION) return `${grouped(size / TRILLION, 2)} trillion`;
  if (size >= 10_000) return grouped(size, 0);
  if (size >= 1) return grouped(size, 2);
  if (size < SMALLEST) return '0';
  return new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 }).format(size);
}

function grouped(size: number, decimals: number): string {
  return new Intl.NumberFormat('en-GB', { maximumFractionDigits: decimals }).format(size);
}
