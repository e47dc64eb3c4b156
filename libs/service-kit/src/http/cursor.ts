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
