import { Injectable } from '@nestjs/common';
import { newEventId, ServiceDatabase, type Tx } from '@recert/bus';

export interface Publication {
  readonly since: Date;
  readonly by: string;
}

export interface ReaderReport {
  readonly at: Date;
  readonly text: string;
}

/** The tables `publication` and `reader_report`. */
@Injectable()
export class ReaderRepository {
  constructor(private readonly database: ServiceDatabase) {}

  async publication(processId: string): Promise<Publication | null> {
    const [row] = await this.database.query<Publication>('select since, by from publication where process_id = $1', [
      processId,
    ]);
    return row ?? null;
  }

  /** @returns whether that changed anything */
  async publish(tx: Tx, processId: string, { since, by }: Publication): Promise<boolean> {
    const rows = await tx.db.query<unknown[]>(
      `insert into publication (process_id, since, by) values ($1, $2, $3) on conflict do nothing returning 1`,
      [processId, since, by],
    );
    return rows.length > 0;
  }

  /** @returns whether that changed anything */
  async withdraw(tx: Tx, processId: string): Promise<boolean> {
    const rows = await tx.db.query<unknown[]>(
      'with gone as (delete from publication where process_id = $1 returning 1) select 1 from gone',
      [processId],
    );
    return rows.length > 0;
  }

  /** Newest first. */
  async reports(processId: string, limit: number): Promise<ReaderReport[]> {
    return this.database.query<ReaderReport>(
      'select at, text from reader_report where process_id = $1 order by at desc limit $2',
      [processId, limit],
    );
  }

  async countReportsSince(tx: Tx, processId: string, since: Date): Promise<number> {
    const [row] = await tx.db.query<{ count: number }[]>(
      'select count(*)::int as count from reader_report where process_id = $1 and at > $2',
      [processId, since],
    );
    return row!.count;
  }

  async addReport(tx: Tx, processId: string, { at, text }: ReaderReport): Promise<void> {
    await tx.db.query('insert into reader_report (id, process_id, at, text) values ($1, $2, $3, $4)', [
      newEventId(at),
      processId,
      at,
      text,
    ]);
  }
}
