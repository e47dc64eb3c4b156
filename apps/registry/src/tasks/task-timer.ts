import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { TaskDown } from '@recert/contracts';
import { Clock, DueTimer } from '@recert/service-kit';
import { expectationOf } from './task';
import { decideTask } from './task-health';
import { TaskRepository } from './task.repository';
import { TaskWriter } from './write-task';

const BATCH = 100;
/** After a downtime of the hub's own, tasks were silent because nobody listened: what they said meanwhile comes first. */
const QUIET_MS = 60_000;

/** Looks at tasks that are late, and at those of which the admins have to hear. */
@Injectable()
export class TaskTimer extends DueTimer {
  readonly task = { id: 'registry.task-timer', emits: [TaskDown] };
  private quietUntil: Date | null = null;

  constructor(
    private readonly time: Clock,
    private readonly database: ServiceDatabase,
    private readonly tasks: TaskRepository,
    private readonly writer: TaskWriter,
  ) {
    super(time);
  }

  protected async nextWakeAt(): Promise<Date | null> {
    this.quietUntil ??= new Date(this.time.now().getTime() + QUIET_MS);
    const next = await this.tasks.nextLookAt();
    return next !== null && next < this.quietUntil ? this.quietUntil : next;
  }

  /** One at a time, so that what another replica or a report has in hand is left to it. */
  protected async lookAtDue(goesOn: () => boolean): Promise<number> {
    let looked = 0;
    for (const id of await this.tasks.due(this.time.now(), BATCH)) {
      if (goesOn() && (await this.lookAt(id))) looked += 1;
    }
    return looked;
  }

  private async lookAt(id: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const at = this.time.now();
      const before = await this.tasks.tryLock(tx, id);
      if (before === null) return false;
      const expected = { ...expectationOf(before.task, this.writer.zone), hasOwner: before.owner !== null };
      const { health, events } = decideTask(before.task.health, expected, { type: 'look', at });
      const log = events.length > 0 ? await this.tasks.logOf(tx, id, health.trouble) : null;
      await this.writer.writeHealth(tx, { before, after: { ...before.task, health }, events, log });
      return true;
    });
  }
}
