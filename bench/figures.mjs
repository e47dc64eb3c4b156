import { appendFileSync } from 'node:fs';

/**
 * Tells one figure to the table of `npm run bench -- --report`, and holds it to what is wanted: a bench that misses
 * something ends with status 1.
 * @param {object} figure
 * @param {string} figure.what e.g. `tap to edited message`
 * @param {string} [figure.at] of how many, e.g. `10,000 processes`
 * @param {number} figure.value
 * @param {string} figure.unit e.g. `ms`
 * @param {number} [figure.most] wanted: no more than this
 * @param {number} [figure.least] wanted: no less than this
 * @param {number} [figure.floor] the least that anybody could do, in the same run and unit
 */
export function tell(figure) {
  const { what, at, value, unit, most, least } = figure;
  const isKept = !(most !== undefined && value > most) && !(least !== undefined && value < least);
  const wanted = wantedOf(figure);
  if (wanted !== '')
    console.log(
      `${isKept ? 'reached    ' : 'NOT REACHED'} ${what}${at ? `, ${at}` : ''}: ${value} ${unit}, wanted ${wanted}`,
    );
  if (!isKept) process.exitCode = 1;
  const file = process.env.BENCH_FIGURES;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ ...figure, isKept })}\n`);
}

/** In words; nothing where nothing is wanted. */
export function wantedOf({ most, least, unit }) {
  if (most !== undefined) return `at most ${most} ${unit}`;
  return least === undefined ? '' : `at least ${least} ${unit}`;
}

/** A number with its thousands apart. */
export const grouped = (number) => number.toLocaleString('en');
