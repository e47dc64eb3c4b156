import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { exportedHistory, historyVerdict, type HistoryVerdict } from '@recert/contracts';
import { Access, Clock, Describe, parsed } from '@recert/service-kit';
import { z } from 'zod';
import { HistoryRepository } from '../history/history.repository';
import { toCsv, toJson } from './history-export';
import { VerifyHistory } from './verify-history';

const exportQuery = z.object({ format: z.enum(['csv', 'json']).default('json') });

@Controller('api/audit')
export class AuditController {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly history: HistoryRepository,
    private readonly verifying: VerifyHistory,
    private readonly clock: Clock,
  ) {}

  /** The whole history, oldest first, read as fast as it is taken. */
  @Get('export')
  @Access('admin')
  @Describe({
    says: 'The whole history, oldest first.',
    query: exportQuery,
    answer: z.array(exportedHistory),
    type: 'text/csv',
  })
  export(@Query(parsed(exportQuery)) { format }: z.output<typeof exportQuery>): StreamableFile {
    const rows = this.history.all(this.database.dataSource.manager);
    const name = `recert-history-${this.clock.now().toISOString().slice(0, 10)}.${format}`;
    return new StreamableFile(Readable.from(format === 'csv' ? toCsv(rows) : toJson(rows), { objectMode: false }), {
      type: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
      disposition: `attachment; filename="${name}"`,
    });
  }

  @Get('verify')
  @Access('admin')
  @Describe({ says: 'Whether the chain of the history holds.', answer: historyVerdict })
  async verify(): Promise<HistoryVerdict> {
    return this.verifying.verify();
  }
}
