import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { OperationalError } from '@recert/service-kit';
import { type EntityManager } from 'typeorm';
import { EVERY_PRODUCT, type Process } from './process';
import { type ProcessChange } from './process-change';
import { columns, toProcess, toRow, type ProcessRow } from './process.row';

const NAMES = Object.keys(columns).join(', ');
const QUALIFIED = Object.keys(columns)
  .map((name) => `r.${name}`)
  .join(', ');
const DEFINITIONS = Object.entries(columns)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ');

/** What `Written` is to PostgreSQL: the columns of `r`, and those of `w`. */
const WRITTEN = `json_to_recordset($1::json) as w(row json, record text, other_record boolean, seen int)
  cross join lateral json_to_record(w.row) as r(${DEFINITIONS})`;
const BATCH = 1000;

/** A row as it is written: with its record where that is another one, and the version that it was read with. */
interface Written {
  readonly row: ReturnType<typeof toRow>;
  readonly record: string | null;
  readonly other_record: boolean;
  readonly seen: number;
}

/** Somebody else has changed a process between reading and writing it: read it again. */
export class StaleProcessError extends OperationalError {}

/** The table `process`: rows to processes and back. */
@Injectable()
export class ProcessRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /** Locks it until the transaction ends; null when there is none. */
  async lock(tx: Tx, id: string): Promise<Process | null> {
    const [row] = await tx.db.query<ProcessRow[]>(`select ${NAMES} from process where id = $1 for update`, [id]);
    return row === undefined ? null : toProcess(row);
  }

  /** Those that a person owns or is deputy of and that are not retired, locked in the order of their ids. */
  async lockOfPerson(tx: Tx, handle: string): Promise<Process[]> {
    const rows = await tx.db.query<ProcessRow[]>(
      `select ${NAMES} from process where (owner = $1 or deputy = $1) and status <> 'retired' order by id for update`,
      [handle],
    );
    return rows.map(toProcess);
  }

  async all(db: EntityManager): Promise<Process[]> {
    const rows = await db.query<ProcessRow[]>(`select ${NAMES} from process`);
    return rows.map(toProcess);
  }

  async find(id: string): Promise<{ process: Process; record: string | null } | null> {
    const [row] = await this.database.query<ProcessRow & { record: string | null }>(
      `select ${NAMES}, record from process where id = $1`,
      [id],
    );
    return row === undefined ? null : { process: toProcess(row), record: row.record };
  }

  async exists(id: string): Promise<boolean> {
    const rows = await this.database.query<unknown>('select 1 from process where id = $1', [id]);
    return rows.length > 0;
  }

  /** Those of the records that every product has, with the text of the record, unless they are retired. */
  async templates(db: EntityManager): Promise<{ process: Process; record: string | null }[]> {
    const rows = await db.query<(ProcessRow & { record: string | null })[]>(
      `select ${NAMES}, record from process where product = $1 and status <> 'retired' order by source, position`,
      [EVERY_PRODUCT],
    );
    return rows.map((row) => ({ process: toProcess(row), record: row.record }));
  }

  /** Everything that is about products, retired or not, and whatever has one of these ids. */
  async aboutProducts(db: EntityManager, ids: readonly string[]): Promise<Process[]> {
    const rows = await db.query<ProcessRow[]>(
      `select ${NAMES} from process where product is not null or id = any($1)`,
      [ids],
    );
    return rows.map(toProcess);
  }

  /** Everything of one source, retired or not, and whatever has one of these ids. */
  async ofSource(db: EntityManager, source: string, ids: readonly string[]): Promise<Process[]> {
    const rows = await db.query<ProcessRow[]>(`select ${NAMES} from process where source = $1 or id = any($2)`, [
      source,
      ids,
    ]);
    return rows.map(toProcess);
  }

  /** Documented ones that are not retired, of a section or an owner where one is given. */
  async asked(db: EntityManager, section: string | null, owner: string | null): Promise<Process[]> {
    const rows = await db.query<ProcessRow[]>(
      `select ${NAMES} from process where documented and status <> 'retired'
         and product is distinct from '${EVERY_PRODUCT}' and ($1::text is null or section = $1) and ($2::text is null or owner = $2) order by id`,
      [section, owner],
    );
    return rows.map(toProcess);
  }

  /**
   * Writes changes, a thousand at a time in one statement for the new ones and one for the others.
   * @throws StaleProcessError when one of them is not any more what it was `before`
   */
  async save(
    tx: Tx,
    changes: readonly ProcessChange[],
    saved: (count: number) => void = () => undefined,
  ): Promise<void> {
    // In parts, so that a library of many thousands does not stand in memory once more as one text.
    for (let from = 0; from < changes.length; from += BATCH) {
      const part = changes.slice(from, from + BATCH);
      await this.insert(tx, part.filter(({ before }) => before === null).map(toWritten));
      await this.update(tx, part.filter(({ before }) => before !== null).map(toWritten));
      saved(from + part.length);
    }
  }

  private async insert(tx: Tx, rows: readonly Written[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.db.query(
      `insert into process (${NAMES}, record)
       select ${QUALIFIED}, w.record from ${WRITTEN}`,
      [JSON.stringify(rows)],
    );
  }

  private async update(tx: Tx, rows: readonly Written[]): Promise<void> {
    if (rows.length === 0) return;
    const assigned = Object.keys(columns).map((name) => `${name} = r.${name}`);
    const updated = await tx.db.query<unknown[]>(
      `with changed as (
         update process p set ${assigned.join(', ')}, record = case when w.other_record then w.record else p.record end
         from ${WRITTEN}
         where p.id = r.id and p.version = w.seen returning 1)
       select 1 from changed`,
      [JSON.stringify(rows)],
    );
    if (updated.length < rows.length) throw new StaleProcessError('A process was changed by somebody else meanwhile.');
  }
}

function toWritten({ before, after, record }: ProcessChange): Written {
  return { row: toRow(after), record: record ?? null, other_record: record !== undefined, seen: before?.version ?? 0 };
}
