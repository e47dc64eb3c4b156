import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type EntityManager } from 'typeorm';
import { chain, type HistoryEntry, type HistoryHead, type HistoryRow } from './history-chain';

/** As PostgreSQL gives it: a bigint comes as text. */
interface Row {
  seq: string;
  at: Date;
  by: string;
  process_id: string | null;
  person: string | null;
  field: string;
  old: string | null;
  new: string | null;
  cause: string;
  source: string;
  prev_hash: string;
  hash: string;
}

const COLUMNS = 'seq, at, by, process_id, person, field, old, new, cause, source, prev_hash, hash';

/** The append-only table `history` and its head. */
@Injectable()
export class HistoryRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /**
   * Appends in the given order. WARNING: it locks the head until the transaction ends, so take every other lock before.
   */
  async append(tx: Tx, entries: readonly HistoryEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const rows = chain(await this.head(tx.db, 'for update'), entries);
    const last = rows.at(-1)!;
    await tx.db.query(
      `with appended as (
         insert into history (${COLUMNS})
         select ${COLUMNS} from json_to_recordset($1::json) as r(
           seq bigint, at timestamptz, by text, process_id text, person text, field text, old text, new text,
           cause text, source text, prev_hash text, hash text))
       update history_head set seq = $2, hash = $3`,
      [JSON.stringify(rows.map(toRow)), last.seq, last.hash],
    );
  }

  async head(db: EntityManager, lock: 'for update' | '' = ''): Promise<HistoryHead> {
    const [head] = await db.query<{ seq: string; hash: string }[]>(`select seq, hash from history_head ${lock}`);
    if (head === undefined) throw new Error('The history has lost its head: restore the database from a backup.');
    return { seq: Number(head.seq), hash: head.hash };
  }

  /** Rows of one process after `afterSeq`, oldest first. */
  async ofProcess(processId: string, afterSeq: number, limit: number): Promise<HistoryRow[]> {
    const rows = await this.database.query<Row>(
      `select ${COLUMNS} from history where process_id = $1 and seq > $2 order by seq limit $3`,
      [processId, afterSeq, limit],
    );
    return rows.map(fromRow);
  }

  /** Every row up to the present head, oldest first, in batches of a few thousand. */
  async *all(db: EntityManager): AsyncGenerator<HistoryRow[]> {
    let after = 0;
    for (;;) {
      const rows = await db.query<Row[]>(`select ${COLUMNS} from history where seq > $1 order by seq limit 2000`, [
        after,
      ]);
      if (rows.length === 0) return;
      const batch = rows.map(fromRow);
      after = batch.at(-1)!.seq;
      yield batch;
    }
  }

  /** Runs `work` on one unchanging picture of the database. */
  async withSnapshot<T>(work: (db: EntityManager) => Promise<T>): Promise<T> {
    return this.database.dataSource.transaction('REPEATABLE READ', work);
  }
}

function toRow(row: HistoryRow): Record<keyof Row, unknown> {
  const { processId, prevHash, ...same } = row;
  return { ...same, process_id: processId, prev_hash: prevHash };
}

function fromRow({ seq, process_id, prev_hash, ...same }: Row): HistoryRow {
  return { ...same, seq: Number(seq), processId: process_id, prevHash: prev_hash };
}
