import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { TaskDown, TaskRecovered, TaskRegistered } from '@recert/contracts';
import { KIT_CONFIG, type KitConfig } from '@recert/service-kit';
import { type HistoryEntry } from '../history/history-chain';
import { HistoryRepository } from '../history/history.repository';
import { ProcessPlanner } from '../library/process-planner';
import { type Reason } from '../processes/process-change';
import { ProcessWriter } from '../processes/write-process-changes';
import {
  expectationOf,
  isProcess,
  OUTSIDE,
  TASKS,
  toReadProcess,
  toTaskRegistered,
  type OwnedTask,
  type Task,
} from './task';
import { expectedBy, nextLookAt, type TaskEvent } from './task-health';
import { TaskRepository } from './task.repository';

/** What came of a report or of time. */
export interface HealthChange {
  readonly before: OwnedTask;
  readonly after: Task;
  readonly events: readonly TaskEvent[];
  /** The end of what it said, where it has failed. */
  readonly log: string | null;
}

/** The one way to change a task: its row, what is said of it, and the process by which its owner is asked. */
@Injectable()
export class TaskWriter {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly planner: ProcessPlanner,
    private readonly processes: ProcessWriter,
    private readonly history: HistoryRepository,
    @Inject(KIT_CONFIG) private readonly config: KitConfig,
  ) {}

  /** IANA zone of the organisation. */
  get zone(): string {
    return this.config.ORG_TIMEZONE;
  }

  /**
   * What it is. Once in a transaction of `inImportTurn` where it has or had an owner, and last in it.
   * @param others rows of the history about what changed beside it
   */
  async write(tx: Tx, change: TaskChange, others: readonly HistoryEntry[] = []): Promise<Task> {
    const { before, after, events, reason } = change;
    const isChanged =
      before === null || JSON.stringify(toTaskRegistered(before.task)) !== JSON.stringify(toTaskRegistered(after));
    const counts = after.service === OUTSIDE && isChanged;
    const task = counts ? { ...after, version: (before?.task.version ?? 0) + 1 } : after;
    await this.tasks.save(tx, task, this.whenOf(task));
    if (counts) tx.publish(TaskRegistered, toTaskRegistered(task));
    if (before !== null) this.say(tx, { before, after: task, events, log: null });
    await this.writeProcess(tx, before?.task ?? null, task, reason, others);
    return task;
  }

  /** How it does. */
  async writeHealth(tx: Tx, change: HealthChange): Promise<void> {
    await this.tasks.save(tx, change.after, this.whenOf(change.after));
    this.say(tx, change);
  }

  /** When it has to be looked at if nothing is heard of it until then. */
  lookAt(task: Task): Date | null {
    return this.whenOf(task).lookAt;
  }

  private whenOf(task: Task): { expectedBy: Date | null; lookAt: Date | null } {
    const { health } = task;
    const expected = expectationOf(task, this.zone);
    return { expectedBy: expectedBy(health, expected), lookAt: nextLookAt(health, expected) };
  }

  private say(tx: Tx, { before: { owner }, after, events, log }: HealthChange): void {
    for (const event of events) {
      const { trouble } = event;
      const of = { taskId: after.id, trouble: trouble.number, name: after.name, owner };
      const what = { ...of, why: trouble.why, since: trouble.since.toISOString() };
      if (event.type === 'recovered')
        tx.publish(TaskRecovered, { ...what, at: event.at.toISOString(), how: event.how });
      else {
        const expectedBy = trouble.expectedBy?.toISOString() ?? null;
        const lastHeardAt = after.health.lastHeardAt?.toISOString() ?? null;
        tx.publish(TaskDown, { ...what, level: trouble.level, expectedBy, lastHeardAt, log });
      }
    }
  }

  private async writeProcess(
    tx: Tx,
    before: Task | null,
    after: Task,
    reason: Reason,
    others: readonly HistoryEntry[],
  ): Promise<void> {
    if (!isProcess(after) && (before === null || !isProcess(before))) {
      if (others.length > 0) await this.history.append(tx, others);
      return;
    }
    const publicUrl = this.config.PUBLIC_URL ?? null;
    const processes = (await this.tasks.withOwner(tx)).map((task) => toReadProcess(task, publicUrl));
    const changes = await this.planner.ofLibrary(tx.db, { source: TASKS, processes }, reason);
    await this.processes.writeUnlocked(tx, changes, others);
  }
}

/** A change of what a task is. */
export interface TaskChange {
  /** Null for a new one, else locked by the transaction. */
  readonly before: OwnedTask | null;
  readonly after: Task;
  readonly events: readonly TaskEvent[];
  readonly reason: Reason;
}
