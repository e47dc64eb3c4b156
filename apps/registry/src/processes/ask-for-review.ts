import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Cause, type Tx } from '@recert/bus';
import { ReviewRequested, type ReviewReason } from '@recert/contracts';
import { Clock, UserError } from '@recert/service-kit';
import { whyNotAsked, type Process } from './process';
import { ProcessRepository } from './process.repository';

export interface Campaign {
  readonly section: string | null;
  readonly owner: string | null;
}

/** Asks for reviews before their time; the scheduler opens them. */
@Injectable()
export class AskForReview {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly processes: ProcessRepository,
    private readonly clock: Clock,
  ) {}

  /** @throws UserError 404, or 409 when there is nothing to review */
  async ask(id: string, reason: ReviewReason, by: string, cause: Cause): Promise<Process> {
    return this.database.transaction((tx) => this.askIn(tx, id, reason, by), cause);
  }

  /** The same in a transaction that does more. */
  async askIn(tx: Tx, id: string, reason: ReviewReason, by: string): Promise<Process> {
    const process = await this.processes.lock(tx, id);
    if (process === null) throw UserError.notFound(`process "${id}"`);
    const reasonNot = whyNotAsked(process);
    if (reasonNot !== null) throw UserError.conflict(reasonNot);
    tx.publish(ReviewRequested, requested(process, reason, by, this.clock.now()));
    return process;
  }

  /** Everything that is written down, or that of one section or owner. @returns how many are asked about */
  async askAll({ section, owner }: Campaign, by: string, cause: Cause): Promise<number> {
    return this.database.transaction(async (tx) => {
      const processes = await this.processes.asked(tx.db, section, owner);
      const at = this.clock.now();
      for (const process of processes) tx.publish(ReviewRequested, requested(process, 'campaign', by, at));
      return processes.length;
    }, cause);
  }
}

function requested({ id: processId, version }: Process, reason: ReviewReason, by: string, at: Date): ReviewRequested {
  return { processId, version, reason, by, at: at.toISOString() };
}
