import { type Page } from '@recert/contracts';
import { UserError } from '../errors';

/** The cursor of a list: what the last row of a page was sorted by, so that pages stay right while rows come and go. */
export function toCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws UserError 400 when it is not a cursor that this API gave out */
export function fromCursor(cursor: string | undefined, length: number): (string | number)[] | null {
  if (cursor === undefined) return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && parts.length === length) return parts as (string | number)[];
  } catch {
    // Falls through to the one complaint.
  }
  return badCursor();
}

/** @throws UserError 400, also for a cursor whose parts are not what the list sorts by */
export function badCursor(): never {
  throw new UserError(400, 'cursor: not one that this list gave out; start without a cursor', [
    { field: 'cursor', message: 'not one that this list gave out' },
  ]);
}

/** A row of a list that is sorted by a time, and by an id where that is the same. */
export interface TimePlace {
  readonly at: Date;
  readonly id: string;
}

/** @throws UserError 400 when it is not a cursor of such a list */
export function timePlaceOf(cursor: string | undefined): TimePlace | null {
  const parts = fromCursor(cursor, 2);
  if (parts === null) return null;
  const [at, id] = parts;
  const date = new Date(Number(at));
  return typeof id === 'string' && !Number.isNaN(date.getTime()) ? { at: date, id } : badCursor();
}

/**
 * @param rows one more than the page has, where there is another page
 * @param placeIn what the list sorts by, of a row
 */
export function pageFrom<T>(
  rows: readonly T[],
  limit: number,
  placeIn: (row: T) => readonly (string | number)[],
): Page<T> {
  const items = rows.slice(0, limit);
  const last = rows.length > items.length ? items.at(-1) : undefined;
  return { items, next: last === undefined ? null : toCursor(placeIn(last)) };
}
