import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type TaskPatch } from '@recert/contracts';
import { Clock, UserError, type Principal } from '@recert/service-kit';
import { Tokens } from '../access/tokens';
import { inImportTurn } from '../library/import-turn';
import { PersonRepository } from '../people/person.repository';
import { inHistory } from '../processes/sender-in-history';
import { mustBeTheirs } from './of-their-own';
import { periodOf, timingOf, type Timing } from './rhythm';
import { type Asker } from './register-task';
import { expectationOf, hookOf, OUTSIDE, processIdOf, scopeOf, type OwnedTask, type Task } from './task';
import { decideTask } from './task-health';
import { TaskRepository } from './task.repository';
import { TaskWriter } from './write-task';

/** What of a service's own task is not the service's to say. */
const OF_EVERY_TASK = ['owner', 'deputy', 'review'];

/** Changes what a task is, and takes it away. */
@Injectable()
export class EditTask {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly tasks: TaskRepository,
    private readonly writer: TaskWriter,
    private readonly people: PersonRepository,
    private readonly tokens: Tokens,
    private readonly clock: Clock,
  ) {}

  /** @throws UserError 404, 409 for one that was taken away, 422 for what there is not or is a service's to say */
  async edit(id: string, patch: TaskPatch, asker: Asker): Promise<OwnedTask> {
    await inImportTurn(this.database, async (tx) => {
      const before = await this.mustBeThere(tx, id);
      mustBeTheirs(asker.sender, before.owner);
      this.checkPatch(before.task, patch);
      checkOwner(before, patch);
      // Whoever owned it while it was away may have left.
      const named = patch.active === true ? { ...before.task, ...patch } : patch;
      await this.people.mustBeActive(tx.db, 'owner', named.owner);
      await this.people.mustBeActive(tx.db, 'deputy', named.deputy);
      await this.tasks.mustBeProduct(tx, patch.product);
      const at = this.clock.now();
      const edited = this.patched(before.task, patch, asker);
      const isOtherwiseExpected = patch.active === true || isAnotherRhythm(before.task, edited);
      const expected = expectationOf(edited, this.writer.zone);
      const decided = isOtherwiseExpected
        ? decideTask(edited.health, expected, { type: 'change', at })
        : { health: edited.health, events: [] };
      const reason = { at, by: inHistory(asker.sender), cause: `task ${id}: edit`, source: 'http' };
      const after = { ...edited, health: decided.health };
      await this.writer.write(tx, { before, after, events: decided.events, reason });
    });
    return (await this.tasks.find(id))!;
  }

  /** Its reports and its process stay, retired; its tokens open nothing any more. @throws UserError 404, 409 */
  async retire(id: string, sender: Principal): Promise<void> {
    const by = inHistory(sender);
    await inImportTurn(this.database, async (tx) => {
      const before = await this.mustBeThere(tx, id);
      mustBeTheirs(sender, before.owner);
      if (before.task.service !== OUTSIDE) {
        throw UserError.conflict(
          `"${id}" is a task of the service ${before.task.service}, which alone can take it away.`,
        );
      }
      if (!before.task.health.active) return;
      const at = this.clock.now();
      const expected = expectationOf(before.task, this.writer.zone);
      const { health, events } = decideTask(before.task.health, expected, { type: 'retire', at });
      const reason = { at, by, cause: `task ${id} was taken away`, source: 'http' };
      const revoked = await this.tokens.revokeOfScope(tx, scopeOf(id), by);
      await this.writer.write(tx, { before, after: { ...before.task, health }, events, reason }, revoked);
    });
  }

  private async mustBeThere(tx: Tx, id: string): Promise<OwnedTask> {
    const found = await this.tasks.lock(tx, id);
    if (found === null) throw UserError.notFound(`task "${id}"`);
    return found;
  }

  private checkPatch({ id, service, health }: Task, patch: TaskPatch): void {
    const others = Object.keys(patch).filter((field) => !OF_EVERY_TASK.includes(field));
    if (service !== OUTSIDE && others.length > 0) {
      throw UserError.invalid(
        others[0]!,
        `the service ${service} says this of its own task; owner, deputy and review can be set`,
      );
    }
    if (!health.active && patch.active !== true) {
      throw UserError.conflict(`"${id}" was taken away: activate it with {"active": true} first.`);
    }
    if (service === OUTSIDE && patch.owner === null)
      throw UserError.invalid('owner', 'a task that runs outside has one');
  }

  private patched(task: Task, patch: TaskPatch, { base }: Asker): Task {
    const { name, owner, deputy, emits, url, product, release, trigger, grace, review } = patch;
    const timing: Timing =
      trigger === undefined ? task : timingOf(trigger, { hook: hookOf(task.id, base), zone: this.writer.zone });
    return {
      ...task,
      name: name ?? task.name,
      owner: owner === undefined ? task.owner : owner,
      deputy: deputy === undefined ? task.deputy : deputy,
      emits: emits ?? task.emits,
      url: url === undefined ? task.url : url,
      productId: product === undefined ? task.productId : product,
      isRelease: release ?? task.isRelease,
      trigger: timing.trigger,
      rhythm: timing.rhythm,
      grace: grace === undefined ? task.grace : periodOf('grace', grace),
      review: review === undefined ? task.review : periodOf('review', review),
    };
  }
}

/** What the task itself has said all along is no news to a process that was given to somebody else. */
function checkOwner({ task, owner }: OwnedTask, patch: TaskPatch): void {
  if (patch.owner === undefined || patch.owner !== task.owner || patch.owner === owner) return;
  const process = processIdOf(task.id);
  throw UserError.conflict(
    `The process "${process}" was given to "${owner}": change it there, PATCH /api/processes/${process}.`,
  );
}

function isAnotherRhythm(before: Task, after: Task): boolean {
  return JSON.stringify([before.rhythm, before.grace]) !== JSON.stringify([after.rhythm, after.grace]);
}
