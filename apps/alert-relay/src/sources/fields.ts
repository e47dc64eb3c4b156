import { storable } from '@recert/bus';

/** JSON of strangers: a field of any name that may hold anything. */
export type Fields = Readonly<Record<string, unknown>>;

const TITLE_LENGTH = 300;
const DETAIL_LENGTH = 1000;
const LINK_LENGTH = 2000;
/** Before that, a date is a program's way to say that there is none. */
const FIRST_YEAR = 2000;

/** @returns the object; one without fields for anything else */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** @returns a text or number as text without blanks around it, at most `limit` characters; null for anything else */
export function textOf(value: unknown, limit = DETAIL_LENGTH): string | null {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return null;
  const text = storable(String(value).trim(), limit);
  return text === '' ? null : text;
}

/** One line, as a title is. */
export function titleOf(value: unknown): string | null {
  const text = textOf(value);
  return text === null ? null : storable(text.replace(/\s+/g, ' '), TITLE_LENGTH);
}

/** @returns an address that a browser opens; null for anything else, such as `javascript:` */
export function linkOf(value: unknown): string | null {
  const text = textOf(value, LINK_LENGTH);
  return text !== null && /^https?:\/\//i.test(text) && URL.canParse(text) ? text : null;
}

/** @returns null for what is no instant; the zero dates of Go are none */
export function instantOf(value: unknown): Date | null {
  const text = textOf(value);
  if (text === null) return null;
  const at = new Date(text);
  return at.getUTCFullYear() >= FIRST_YEAR ? at : null;
}

/** @param values of which each may be missing */
export function textsOf(...values: readonly unknown[]): string[] {
  return values.flatMap((value) => textOf(value) ?? []);
}
