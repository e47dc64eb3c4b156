import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { ReviewRequested } from '@recert/contracts';
import { Clock, UserError } from '@recert/service-kit';
import { whyNotAsked, type Process } from '../processes/process';
import { ProcessRepository } from '../processes/process.repository';
import { COUNTED_MS, decideReport } from './decide-report';
import { ReaderRepository } from './reader.repository';

/** A reader says that a record is outdated: its owner is asked, unless they are asked already. */
@Injectable()
export class ReportOutdated {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly processes: ProcessRepository,
    private readonly readers: ReaderRepository,
    private readonly clock: Clock,
  ) {}

  /** @throws UserError 404 where there is no public page, 429 when there are too many reports */
  async report(id: string, text: string): Promise<void> {
    if ((await this.readers.publication(id)) === null) throw UserError.notFound('such page');
    await this.database.transaction(async (tx) => {
      // The lock is what makes the count right when many report at once.
      const process = await this.processes.lock(tx, id);
      if (process === null) throw UserError.notFound('such page');
      const at = this.clock.now();
      const lately = await this.readers.countReportsSince(tx, id, new Date(at.getTime() - COUNTED_MS));
      const decision = decideReport({ lately, review: process.review }, at);
      if (decision === 'refuse') throw new UserError(429, 'It was reported many times just now: its owner knows.');
      await this.readers.addReport(tx, id, { at, text });
      if (decision === 'ask' && whyNotAsked(process) === null) tx.publish(ReviewRequested, requestOf(process, at));
    });
  }
}

function requestOf({ id: processId, version }: Process, at: Date): ReviewRequested {
  return { processId, version, reason: 'reported', by: 'a reader', at: at.toISOString() };
}
