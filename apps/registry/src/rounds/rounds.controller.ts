import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { roundQuery, roundReport, type RoundQuery, type RoundReport } from '@recert/contracts';
import { Access, Clock, Describe, parsed } from '@recert/service-kit';
import { roundCsv } from './round-csv';
import { periodOf } from './round-period';
import { RoundRepository } from './round.repository';
import { reportOf } from './tally-round';

@Controller('api')
@Access('viewer')
export class RoundsController {
  constructor(
    private readonly rounds: RoundRepository,
    private readonly clock: Clock,
  ) {}

  @Get('rounds')
  @Describe({
    says: 'The reviews that were opened in a time, what became of each, and the sums of all and of every owner.',
    query: roundQuery,
    answer: roundReport,
  })
  async show(@Query(parsed(roundQuery)) query: RoundQuery): Promise<RoundReport> {
    const period = periodOf(query, this.clock.now());
    return reportOf(await this.rounds.opened(period), period.from, period.to);
  }

  @Get('rounds.csv')
  @Describe({ says: 'The same reviews as a table.', query: roundQuery, type: 'text/csv' })
  async table(@Query(parsed(roundQuery)) query: RoundQuery): Promise<StreamableFile> {
    const period = periodOf(query, this.clock.now());
    const { from, to, items } = reportOf(await this.rounds.opened(period), period.from, period.to);
    const name = `recert-round-${from.slice(0, 10)}-${to.slice(0, 10)}.csv`;
    return new StreamableFile(Buffer.from(roundCsv(items)), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="${name}"`,
    });
  }
}
