import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { EventServer, serviceOf, type HandlerExtras, type ServiceDatabase } from '@recert/bus';
import { TaskRegistered, TaskReported } from '@recert/contracts';
import { Clock } from '../clock';
import { DueTimer } from '../due-timer';
import { Metrics } from '../metrics';
import { handlerTask, OwnTasks, PULSE_MS, timerTask, type OwnTask } from './own-tasks';
import { planAnnouncements, type Announced } from './plan-announcements';

const AGAIN_MS = 5_000;

/**
 * Registers what the services of this process run by themselves as tasks of the hub, and says from time to time that
 * their timers go round. Nobody waits for it: a database that is away is asked again.
 */
@Injectable()
export class AnnounceTasks implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('tasks');
  private again: NodeJS.Timeout | undefined;
  private work: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly events: EventServer,
    private readonly own: OwnTasks,
    private readonly discovery: DiscoveryService,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    const name = 'recert_timer_last_round_timestamp_seconds';
    const rounds = this.metrics.gauge(name, 'When a timer last went round without an error', ['timer']);
    for (const timer of this.timers()) {
      timer.onRound(() => rounds.setToCurrentTime({ timer: timer.task.id }));
      this.own.add(serviceOf(timer.task.id), timerTask(timer.task.id, subjectsOf(timer.task.emits)));
      this.listen(timer);
    }
    this.work = this.announceAll();
  }

  /** Before the databases close, which happens on shutdown itself. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.again);
    await this.work;
  }

  private timers(): DueTimer[] {
    const instances = this.discovery.getProviders().map(({ instance }) => instance as unknown);
    return [...new Set(instances)].filter((one): one is DueTimer => one instanceof DueTimer);
  }

  private tasksOf(service: string): OwnTask[] {
    const handlers = [...this.events.getHandlers()].filter(([durable]) => serviceOf(durable) === service);
    const tasks = handlers.map(([durable, { extras }]) => {
      const { event, emits } = extras as unknown as HandlerExtras;
      return handlerTask(durable, event.subject, subjectsOf(emits ?? []));
    });
    return [...tasks, ...this.own.of(service)];
  }

  private async announceAll(): Promise<void> {
    try {
      for (const database of this.events.joined()) await this.announce(database);
    } catch (error) {
      if (this.stopped) return;
      this.log.warn(`The tasks of this process cannot be registered now, trying again: ${String(error)}`);
      this.again = setTimeout(() => {
        this.work = this.announceAll();
      }, AGAIN_MS).unref();
    }
  }

  /** Replicas that start at the same time say it one after the other, and the second has nothing to say. */
  private async announce(database: ServiceDatabase): Promise<void> {
    const now = this.clock.now();
    await database.transaction(async (tx) => {
      await tx.db.query('lock table announced_task in share row exclusive mode');
      const announced = await tx.db.query<Announced[]>(
        'select task_id as "taskId", version, said, said_at as at from announced_task',
      );
      const said = planAnnouncements(database.service, this.tasksOf(database.service), announced, now);
      for (const task of said) tx.publish(TaskRegistered, task);
      await tx.db.query(
        `insert into announced_task (task_id, version, said, said_at)
         select "taskId", version, said, $2 from json_to_recordset($1::json) as s("taskId" text, version int, said text)
         on conflict (task_id) do update set version = excluded.version, said = excluded.said, said_at = excluded.said_at`,
        [JSON.stringify(said.map((task) => ({ ...task, said: JSON.stringify(task) }))), now],
      );
    });
  }

  /** A pulse that is lost is followed by the next one. */
  private listen(timer: DueTimer): void {
    const taskId = timer.task.id;
    const database = this.events.joined().find(({ service }) => service === serviceOf(taskId));
    if (database === undefined) return;
    timer.onPulse(PULSE_MS, (fault) => {
      const report = { reportId: randomUUID(), taskId, at: this.clock.now().toISOString(), log: fault };
      database
        .transaction(async (tx) => {
          tx.publish(TaskReported, { ...report, status: fault === null ? 'success' : 'fail' });
        })
        .catch((error: unknown) => this.log.warn(`${taskId} cannot say how it does: ${String(error)}`));
    });
  }
}

function subjectsOf(events: readonly { readonly subject: string }[]): string[] {
  return events.map(({ subject }) => subject);
}
