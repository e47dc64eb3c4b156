import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { type Page, type ProcessQuery } from '@recert/contracts';
import { type Process } from './process';
import { cursorAfter, placeOf, readingFrom, SECTION_KEY, type Reading } from './process-order';
import { columns, toProcess, type ProcessRow } from './process.row';

/** What the list shows and is sorted by. */
const NAMES = [...Object.keys(columns), 'name_key', 'section_key'].join(', ');

/** Pages of the table `process`, in every order that it has an index for. */
@Injectable()
export class ProcessList {
  constructor(private readonly database: ServiceDatabase) {}

  /** @throws UserError 400 for a cursor that is none of this list in this order */
  async page(query: ProcessQuery): Promise<Page<Process>> {
    const place = placeOf(query.cursor, query);
    const given: unknown[] = [];
    const use = (value: unknown): string => `$${given.push(value)}`;
    const wanted = conditions(query, use);
    const limit = use(query.limit + 1);
    const reading = readingFrom(place, query, use);
    const rows = await this.database.query<ProcessRow>(statement(wanted, reading, query.q !== undefined, limit), given);
    const items = rows.slice(0, query.limit).map(toProcess);
    const last = rows.length > items.length ? items.at(-1) : undefined;
    return { items, next: last === undefined ? null : cursorAfter(last, query) };
  }
}

/** One statement, so that all parts are of one moment: nothing stands in both or in none. */
function statement(wanted: readonly string[], reading: Reading, isSearch: boolean, limit: string): string {
  const { parts, withinPart, orderBy } = reading;
  const select = (names: string, condition: string, order: string): string =>
    `select ${names} from process where ${[...wanted, condition].join(' and ')} order by ${order} limit ${limit}`;
  if (isSearch) {
    // An index has all that is looked at here; only what is found is read as a row.
    const found = select('id as found_id', `(${parts.join(' or ')})`, orderBy);
    return `select ${NAMES} from (${found}) as found join process on id = found_id order by ${orderBy}`;
  }
  if (parts.length === 1) return select(NAMES, parts[0]!, withinPart);
  const selects = parts.map((part) => `(${select(NAMES, part, withinPart)})`);
  return `select * from (${selects.join(' union all ')}) as part order by ${orderBy} limit ${limit}`;
}

function conditions(query: ProcessQuery, use: (value: unknown) => string): string[] {
  const { status, owner, deputy, section, product, documented, owned, q } = query;
  const same = { status, owner, deputy, product };
  const wanted = Object.entries(same).flatMap(([column, value]) =>
    value === undefined ? [] : [`${column} = ${use(value)}`],
  );
  if (section !== undefined) wanted.push(`section_key = ${SECTION_KEY.replace('$', use(section))}`);
  if (documented !== undefined) wanted.push(`documented = ${use(documented === 'true')}`);
  if (owned !== undefined) wanted.push(`owner is ${owned === 'true' ? 'not null' : 'null'}`);
  if (q !== undefined) {
    const pattern = use(`%${q.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`);
    const found = ['name_key', 'section_key', 'owner', 'id'].map((column) => `${column} like ${pattern}`);
    wanted.push(`(${found.join(' or ')})`);
  }
  return wanted;
}
