import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type TaskReportBody } from '@recert/contracts';
import { Clock } from '@recert/service-kit';
import { NoteRelease } from '../releases/note-release';
import { type ReleaseWord } from '../releases/release';
import { endOf } from './read-report';
import { expectationOf, type Task } from './task';
import { decideTask } from './task-health';
import { TaskRepository, type Report } from './task.repository';
import { TaskTimer } from './task-timer';
import { TaskWriter } from './write-task';

/** Of a release, what the report says besides. */
export type AboutRelease = Pick<TaskReportBody, 'version' | 'commit' | 'environment' | 'url' | 'rolledBack'>;

/** Takes what a task reports, by whatever way: once, in whatever order. */
@Injectable()
export class NoteReport {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly writer: TaskWriter,
    private readonly releases: NoteRelease,
    private readonly timer: TaskTimer,
    private readonly clock: Clock,
  ) {}

  /** @returns null when it was taken, else the sentence that says why not */
  async note(tx: Tx, taskId: string, report: Report, about: AboutRelease = {}): Promise<string | null> {
    const before = await this.tasks.lock(tx, taskId);
    if (before === null) return `there is no task "${taskId}"`;
    const { task } = before;
    if (!task.health.active) return `the task "${taskId}" was taken away`;
    // A clock that goes ahead must not make everything else late.
    const now = this.clock.now();
    const noted = { ...report, at: report.at < now ? report.at : now, log: endOf(report.log) };
    if (!(await this.tasks.addReport(tx, taskId, noted))) return null;
    const { status, at, log } = noted;
    const expected = { ...expectationOf(task, this.writer.zone), hasOwner: before.owner !== null };
    const { health, events } = decideTask(task.health, expected, { type: 'report', at, status });
    const after = { ...task, health };
    await this.writer.writeHealth(tx, { before, after, events, log });
    tx.afterCommit(() => this.timer.expect(this.writer.lookAt(after)));
    if (task.isRelease) await this.noteRelease(tx, task, noted, about);
    return null;
  }

  private async noteRelease(tx: Tx, task: Task, { status, at, log }: Report, about: AboutRelease): Promise<void> {
    const state = status === 'start' ? 'started' : status === 'success' ? 'deployed' : 'failed';
    // From its start to its end it is one: an end without a start is a release by itself.
    const began = status === 'start' ? at : (task.health.startedAt ?? at);
    const word: ReleaseWord = {
      ...{
        key: `task ${task.id} ${began.toISOString()}`,
        productId: task.productId,
        repository: null,
        name: task.name,
      },
      ...{ commit: about.commit ?? null, release: about.version ?? null, environment: about.environment ?? null },
      state: state === 'failed' && about.rolledBack === true ? 'rolled-back' : state,
      ...{ by: null, url: about.url ?? task.url, at, log: state === 'failed' ? log : null },
    };
    if (task.productId === null) await this.releases.noteUnderItsName(tx, word);
    else await this.releases.note(tx, word);
  }
}
