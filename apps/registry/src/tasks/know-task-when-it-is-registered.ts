import { Controller } from '@nestjs/common';
import { done, drop, OnEvent, type Delivery, type Outcome, type Tx } from '@recert/bus';
import {
  ProcessRegistered,
  ProcessRetired,
  ReviewRequested,
  TaskDown,
  TaskRecovered,
  TaskRegistered,
} from '@recert/contracts';
import { Clock } from '@recert/service-kit';
import { takeImportTurn } from '../library/import-turn';
import { faultOfRhythm } from './rhythm';
import { expectationOf, OUTSIDE, type OwnedTask, type Task } from './task';
import { decideTask, newTask, type TaskCommand } from './task-health';
import { TaskRepository } from './task.repository';
import { TaskTimer } from './task-timer';
import { TaskWriter } from './write-task';

const YEAR = 'P1Y';

/** What services, and modules of one's own, say of their own tasks. Who owns them is said here. */
@Controller()
export class KnowTaskWhenItIsRegistered {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly writer: TaskWriter,
    private readonly timer: TaskTimer,
    private readonly clock: Clock,
  ) {}

  @OnEvent(TaskRegistered, {
    durable: 'registry.know-task-when-it-is-registered',
    emits: [ProcessRegistered, ProcessRetired, ReviewRequested, TaskDown, TaskRecovered],
  })
  async handle(registered: TaskRegistered, { tx }: Delivery): Promise<Outcome> {
    // What was registered here is here.
    if (registered.service === OUTSIDE) return done;
    const fault = faultOfRhythm(registered.rhythm, registered.grace);
    if (fault !== null) return drop(fault);
    // A task of somebody is a process, too, and processes wait for imports: before anything else is locked.
    const known = await this.tasks.find(registered.taskId);
    if (registered.owner !== null || known?.task.owner) await takeImportTurn(tx);
    const before = await this.tasks.lock(tx, registered.taskId);
    if (before?.task.service === OUTSIDE)
      return drop(`there is a task "${registered.taskId}" that somebody registered`);
    if (before !== null && before.task.version >= registered.version) return done;
    await this.learn(tx, before, registered, this.clock.now());
    return done;
  }

  private async learn(tx: Tx, before: OwnedTask | null, registered: TaskRegistered, at: Date): Promise<void> {
    const said = toTask(before?.task ?? null, registered, at);
    const expected = { ...expectationOf(said, this.writer.zone), hasOwner: (before?.owner ?? said.owner) !== null };
    const command = before === null ? null : commandOf(before.task, said, registered, at);
    const decided = command === null ? { health: said.health, events: [] } : decideTask(said.health, expected, command);
    const after = { ...said, health: decided.health };
    const reason = {
      at,
      by: registered.service,
      cause: `task ${said.id}: ${registered.service} says so`,
      source: 'bus',
    };
    const written = await this.writer.write(tx, { before, after, events: decided.events, reason });
    tx.afterCommit(() => this.timer.expect(this.writer.lookAt(written)));
  }
}

/** Whom it belongs to is kept, unless a module names somebody for a task that nobody owns. */
function toTask(known: Task | null, registered: TaskRegistered, at: Date): Task {
  const { taskId: id, version, name, service, trigger, emits, rhythm, grace, active } = registered;
  const health = known?.health ?? { ...newTask(at), active };
  return {
    ...{ id, version, name, service, trigger, emits, rhythm, grace, health },
    owner: known?.owner ?? registered.owner,
    deputy: known?.deputy ?? null,
    review: known?.review ?? YEAR,
    url: known?.url ?? null,
    productId: null,
    isRelease: false,
    registeredAt: known?.registeredAt ?? at,
  };
}

function commandOf(before: Task, after: Task, { active }: TaskRegistered, at: Date): TaskCommand | null {
  if (!active) return { type: 'retire', at };
  const isAnother = JSON.stringify([before.rhythm, before.grace]) !== JSON.stringify([after.rhythm, after.grace]);
  return isAnother || !before.health.active ? { type: 'change', at } : null;
}
