import { Inject, Injectable } from '@nestjs/common';
import { ServiceDatabase, type Cause } from '@recert/bus';
import { type ProcessPatch } from '@recert/contracts';
import { parsePeriod, type ProcessEvent } from '@recert/recertification';
import { Clock, UserError } from '@recert/service-kit';
import { PersonRepository } from '../people/person.repository';
import { whyNotAsked, type Process } from './process';
import { withNextDue } from './process-calendar';
import { command, type Reason, type Rules } from './process-change';
import { PROCESS_RULES } from './process-rules';
import { ProcessRepository } from './process.repository';
import { ProcessWriter } from './write-process-changes';

/** Sets owner, deputy and period of a process by hand. */
@Injectable()
export class EditProcess {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly processes: ProcessRepository,
    private readonly people: PersonRepository,
    private readonly writer: ProcessWriter,
    private readonly clock: Clock,
    @Inject(PROCESS_RULES) private readonly rules: Rules,
  ) {}

  /** @throws UserError 404, 409 for a retired process, 422 for a person or a period that there is not */
  async edit(id: string, patch: ProcessPatch, by: string, cause: Cause): Promise<Process> {
    return this.database.transaction(async (tx) => {
      const before = await this.processes.lock(tx, id);
      if (before === null) throw UserError.notFound(`process "${id}"`);
      if (before.state.status === 'retired') throw UserError.conflict(whyNotAsked(before)!);
      const { owner = before.owner, deputy = before.deputy } = patch;
      await this.people.mustBeActive(tx.db, 'owner', patch.owner);
      await this.people.mustBeActive(tx.db, 'deputy', patch.deputy);
      if (owner !== null && owner === deputy)
        throw UserError.invalid('deputy', `"${owner}" is the owner: name another`);
      const edited = { ...before, owner, deputy, triggerPeriod: periodOf(patch) ?? before.triggerPeriod };
      if (isSame(before, edited)) return before;
      const reason = { at: this.clock.now(), by, cause: 'edit', source: 'http' };
      const [after] = await this.writer.write(tx, [{ before, ...owned(before, edited, reason, this.rules), reason }]);
      return after!;
    }, cause);
  }
}

/** The edited process with what another owner means for its life. */
export function owned(
  before: Process,
  edited: Process,
  { at }: Reason,
  rules: Rules,
): { after: Process; events: readonly ProcessEvent[] } {
  const decided = before.owner === edited.owner ? null : command(edited, { type: 'change-owner', at }, rules);
  if (decided !== null && 'after' in decided) return decided;
  return { after: withNextDue(edited, rules.calendar), events: [] };
}

function periodOf({ triggerPeriod }: ProcessPatch): string | undefined {
  if (triggerPeriod === undefined) return undefined;
  const parsed = parsePeriod(triggerPeriod);
  if (!parsed.ok) throw UserError.invalid('triggerPeriod', parsed.reason);
  return parsed.iso;
}

function isSame(a: Process, b: Process): boolean {
  return a.owner === b.owner && a.deputy === b.deputy && a.triggerPeriod === b.triggerPeriod;
}
