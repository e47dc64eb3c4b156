import { type ProcessQuery } from '@recert/contracts';
import { parsePeriod } from '@recert/recertification';
import { badCursor, fromCursor, toCursor } from '@recert/service-kit';
import { iso, type Process } from './process';

type Sorting = Pick<ProcessQuery, 'sort' | 'order'>;

/** A place in the list, after which the next page begins. */
export interface Place {
  /** What the list is sorted by, as a cursor carries it; null where it is empty. */
  readonly key: string | null;
  /** The place in the library, which counts in the order of the library alone. */
  readonly position: number;
  readonly id: string;
}

/** One order of the list. An index of `process` has just these columns. */
interface Order {
  readonly key: string;
  /** The key of a value that a cursor carries; `$` stands for the parameter. */
  readonly given: string;
  /** What decides between equal keys. */
  readonly ties: readonly string[];
  readonly mayBeEmpty: boolean;
  readonly valueOf: (process: Process) => string | null;
  readonly isValue: (text: string) => boolean;
}

/** As the column `section_key` is made. A collation that is named goes on into what it stands in, so another ends it. */
export const SECTION_KEY = 'left(lower($::text collate "und-x-icu"), 150) collate "C"';
const NAME_KEY = SECTION_KEY.replace('150', '300');

const text = { given: '$::text', ties: ['id'], mayBeEmpty: true, isValue: () => true };
const instant = { ...text, given: '$::timestamptz', isValue: isInstant };
const section = {
  ...text,
  key: 'section_key',
  given: SECTION_KEY,
  valueOf: (process: Process) => beginning(process.section),
};

const orders: Readonly<Record<ProcessQuery['sort'], Order>> = {
  library: { ...section, ties: ['position', 'id'] },
  name: { ...text, key: 'name_key', given: NAME_KEY, mayBeEmpty: false, valueOf: (process) => beginning(process.name) },
  section,
  owner: { ...text, key: 'owner', valueOf: (process) => process.owner },
  status: { ...text, key: 'status', mayBeEmpty: false, valueOf: (process) => process.state.status },
  certificationDate: {
    ...instant,
    key: 'certified_at',
    valueOf: (process) => iso(process.state.certification?.at),
  },
  triggerPeriod: {
    ...{ key: 'period_length(trigger_period)', given: 'period_length($::text)', ties: ['id'], mayBeEmpty: false },
    valueOf: (process) => process.triggerPeriod,
    isValue: (period) => parsePeriod(period).ok,
  },
  nextDueAt: { ...instant, key: 'next_due_at', valueOf: (process) => iso(process.nextDueAt) },
};

/** The cursor of what comes after this process. */
export function cursorAfter(process: Process, { sort, order }: Sorting): string {
  const value = orders[sort].valueOf(process);
  // A number cannot be a value: it stands for none.
  return toCursor([sort, order, value ?? 0, process.origin.position, process.id]);
}

/** @throws UserError 400 for a cursor of a list in another order */
export function placeOf(cursor: string | undefined, { sort, order }: Sorting): Place | null {
  const parts = fromCursor(cursor, 5);
  if (parts === null) return null;
  const [itsSort, itsOrder, value, position, id] = parts;
  if (itsSort !== sort || itsOrder !== order || !isPosition(position) || typeof id !== 'string') return badCursor();
  const { mayBeEmpty, isValue } = orders[sort];
  if (value === 0 && mayBeEmpty) return { key: null, position, id };
  return typeof value === 'string' && isValue(value) ? { key: value, position, id } : badCursor();
}

/** How a statement reads the list from a place on. */
export interface Reading {
  /** Conditions of those with a key and of those without, in this order; each is one range of the index. */
  readonly parts: readonly string[];
  /** The order within a part, as the index has it. */
  readonly withinPart: string;
  /** The order of all parts together. */
  readonly orderBy: string;
}

/** @param use notes a parameter and gives its name, such as `$3` */
export function readingFrom(place: Place | null, sorting: Sorting, use: (value: unknown) => string): Reading {
  const { key, given, ties, mayBeEmpty } = orders[sorting.sort];
  const withinPart = [key, ...ties].map((column) => `${column} ${sorting.order}`).join(', ');
  const after = sorting.order === 'asc' ? '>' : '<';
  const of = ({ position, id }: Place): string[] =>
    ties.map((column) => (column === 'position' ? `${use(position)}::int` : use(id)));
  const behind = (columns: readonly string[], values: readonly string[]): string =>
    ` and (${columns.join(', ')}) ${after} (${values.join(', ')})`;

  const empty = `${key} is null`;
  const reading = { withinPart, orderBy: `${empty}, ${withinPart}` };
  if (place?.key === null) return { ...reading, parts: [empty + behind(ties, of(place))] };
  const rest = place === null ? '' : behind([key, ...ties], [given.replace('$', use(place.key)), ...of(place)]);
  return { ...reading, parts: [`${key} is not null${rest}`, ...(mayBeEmpty ? [empty] : [])] };
}

/** As much of a text as its key is made of, and a little more, since what follows a letter may change its small one. */
function beginning(value: string | null): string | null {
  return value === null || value.length <= 320 ? value : Array.from(value).slice(0, 320).join('');
}

function isPosition(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 31;
}

function isInstant(value: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) && !Number.isNaN(Date.parse(value));
}
