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

  /**
   * Their processes go to the heir; where they are deputy, nobody is.
   * @param planned what happens to processes all the same, because products change hands
   * @returns that too, with what is left of the person taken out
   */
  changes(
    belongings: readonly Process[],
    planned: readonly ProcessChange[],
    { handle, heir, reason }: { readonly handle: string; readonly heir: string | null; readonly reason: Reason },
  ): ProcessChange[] {
    const changes = new Map(planned.map((change) => [change.after.id, change]));
    for (const before of belongings) {
      const first = changes.get(before.id);
      const is = first?.after ?? before;
      if (is.owner !== handle && is.deputy !== handle) continue;
      const owner = is.owner === handle ? heir : is.owner;
      const deputy = is.deputy === handle || is.deputy === owner ? null : is.deputy;
      const { after, events } = owned(is, { ...is, owner, deputy }, reason, this.rules);
      changes.set(before.id, { before, after, events: [...(first?.events ?? []), ...events], reason });
    }
    return [...changes.values()];
  }
}
