import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { owned } from '../processes/edit-process';
import { type Process } from '../processes/process';
import { type ProcessChange, type Reason, type Rules } from '../processes/process-change';
import { PROCESS_RULES } from '../processes/process-rules';
import { ProcessRepository } from '../processes/process.repository';

/** What belongs to a person, and what becomes of it when the person leaves. */
@Injectable()
export class HandOverProcesses {
  constructor(
    private readonly processes: ProcessRepository,
    @Inject(PROCESS_RULES) private readonly rules: Rules,
  ) {}

  /** Locks what the person owns, or is deputy of, until the transaction ends. */
  async belongings(tx: Tx, handle: string): Promise<Process[]> {
    return this.processes.lockOfPerson(tx, handle);
  }

  /** Their processes go to the heir; where they are deputy, nobody is. */
  changes(belongings: readonly Process[], handle: string, heir: string | null, reason: Reason): ProcessChange[] {
    return belongings.map((before) => {
      const owner = before.owner === handle ? heir : before.owner;
      const deputy = before.deputy === handle || before.deputy === owner ? null : before.deputy;
      return { before, ...owned(before, { ...before, owner, deputy }, reason, this.rules), reason };
    });
  }
}
