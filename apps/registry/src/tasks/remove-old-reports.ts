import { Injectable } from '@nestjs/common';
import { Clock, RemoveOldRows } from '@recert/service-kit';
import { TaskRepository } from './task.repository';

const DAY_MS = 86_400_000;
const KEPT_DAYS = 90;
/** Of each task. */
const KEPT_REPORTS = 200;

/** Removes reports that nobody looks at any more. */
@Injectable()
export class RemoveOldReports extends RemoveOldRows {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly clock: Clock,
  ) {
    super();
  }

  protected removeBatch(most: number): Promise<number> {
    const before = new Date(this.clock.now().getTime() - KEPT_DAYS * DAY_MS);
    return this.tasks.removeOld(before, KEPT_REPORTS, most);
  }
}
