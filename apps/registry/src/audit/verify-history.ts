import { Injectable } from '@nestjs/common';
import { type HistoryVerdict } from '@recert/contracts';
import { emptyHead, whatIsWrong, type HistoryHead } from '../history/history-chain';
import { HistoryRepository } from '../history/history.repository';

/** Follows the chain of hashes through the whole history. */
@Injectable()
export class VerifyHistory {
  constructor(private readonly history: HistoryRepository) {}

  async verify(): Promise<HistoryVerdict> {
    return this.history.withSnapshot(async (db) => {
      const head = await this.history.head(db);
      let last = emptyHead;
      for await (const rows of this.history.all(db)) {
        for (const row of rows) {
          const broken = whatIsWrong(last, row);
          if (broken !== null) return { ok: false, rows: last.seq, head, broken };
          last = row;
        }
      }
      const broken = whatIsMissing(last, head);
      return { ok: broken === null, rows: last.seq, head, broken };
    });
  }
}

function whatIsMissing(last: HistoryHead, head: HistoryHead): HistoryVerdict['broken'] {
  if (last.seq < head.seq) {
    const seq = last.seq + 1;
    return { seq, what: `row ${seq} is missing, and every one up to row ${head.seq}` };
  }
  if (last.seq === head.seq && last.hash === head.hash) return null;
  return { seq: last.seq, what: `row ${last.seq} is the last one, but the history ends with another one` };
}
