import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { type Page, type ProcessQuery } from '@recert/contracts';
import { type Process } from './process';
import { cursorAfter, placeOf, readingFrom } from './process-order';
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
    const { parts, orderBy } = readingFrom(place, query, use);
    const limit = use(query.limit + 1);
    const selects = parts.map(
      (part) =>
        `select ${NAMES} from process where ${[...wanted, part].join(' and ')} order by ${orderBy} limit ${limit}`,
    );
    const rows = await this.database.query<ProcessRow>(joined(selects, orderBy, limit), given);
    const items = rows.slice(0, query.limit).map(toProcess);
    const last = rows.length > items.length ? items.at(-1) : undefined;
    return { items, next: last === undefined ? null : cursorAfter(last, query) };
  }
}

/** One statement, so that both parts are of one moment: nothing stands in both or in none. */
function joined(selects: readonly string[], orderBy: string, limit: string): string {
  if (selects.length === 1) return selects[0]!;
  const parts = selects.map((select) => `(${select})`).join(' union all ');
  return `select * from (${parts}) as part order by ${orderBy} limit ${limit}`;
}

function conditions(query: ProcessQuery, use: (value: unknown) => string): string[] {
  const { status, owner, deputy, section, product, documented, owned, q } = query;
  const same = { status, owner, deputy, section, product };
  const wanted = Object.entries(same).flatMap(([column, value]) =>
    value === undefined ? [] : [`${column} = ${use(value)}`],
  );
  if (documented !== undefined) wanted.push(`documented = ${use(documented === 'true')}`);
  if (owned !== undefined) wanted.push(`owner is ${owned === 'true' ? 'not null' : 'null'}`);
  if (q !== undefined) wanted.push(`search like ${use(`%${q.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`)}`);
  return wanted;
}
