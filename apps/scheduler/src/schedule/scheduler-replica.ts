import { busMigrations, type Outcome, ServiceDatabase, type Tx } from '@recert/bus';
import {
  ProcessDue,
  ProcessOverdue,
  type ProcessRegistered,
  type ProcessRetired,
  type ReviewRequested,
} from '@recert/contracts';
import { defaultEscalationPolicy, type EscalationPolicy } from '@recert/recertification';
import { type Clock } from '@recert/service-kit';
import { DataSource } from 'typeorm';
import { migrations } from '../migrations';
import { FollowProcessWhenItIsRegistered } from './follow-process-when-it-is-registered';
import { ForgetProcessWhenItIsRetired } from './forget-process-when-it-is-retired';
import { OpenDueReviews } from './open-due-reviews';
import { ReviewTimer } from './review-timer';
import { ReviewWhenItIsRequested } from './review-when-it-is-requested';
import { ScheduleRepository } from './schedule.repository';

/** What a replica has said: the rows of its outbox. */
export interface Said {
  readonly due: readonly ProcessDue[];
  readonly overdue: readonly ProcessOverdue[];
}

/** A scheduler without HTTP, bus and timer, which tests and benchmarks drive step by step. */
export class SchedulerReplica {
  readonly reviews: OpenDueReviews;
  readonly schedules: ScheduleRepository;
  private readonly follow: FollowProcessWhenItIsRegistered;
  private readonly forget: ForgetProcessWhenItIsRetired;
  private readonly review: ReviewWhenItIsRequested;

  private constructor(
    readonly database: ServiceDatabase,
    clock: Clock,
    policy: EscalationPolicy,
  ) {
    this.schedules = new ScheduleRepository(database);
    this.reviews = new OpenDueReviews(database, this.schedules, clock, policy);
    const timer = new ReviewTimer(this.reviews, this.schedules, clock);
    this.follow = new FollowProcessWhenItIsRegistered(this.schedules, timer, policy);
    this.forget = new ForgetProcessWhenItIsRetired(this.schedules);
    this.review = new ReviewWhenItIsRequested(this.schedules, timer, clock, policy);
  }

  /** @param url of a database, in which the schema `scheduler` is made when it is not there */
  static async start(url: string, clock: Clock, policy = defaultEscalationPolicy): Promise<SchedulerReplica> {
    const dataSource = await new DataSource({
      type: 'postgres',
      schema: 'scheduler',
      migrations: [...busMigrations, ...migrations],
      migrationsTableName: 'migration',
      extra: { connectionString: url, options: '-c search_path=scheduler' },
    }).initialize();
    await dataSource.query('create schema if not exists scheduler');
    await dataSource.runMigrations({ transaction: 'each' });
    return new SchedulerReplica(new ServiceDatabase('scheduler', dataSource), clock, policy);
  }

  async stop(): Promise<void> {
    if (this.database.dataSource.isInitialized) await this.database.dataSource.destroy();
  }

  /** Looks at everything that is due. */
  tick(): Promise<number> {
    return this.reviews.run();
  }

  registered(data: ProcessRegistered): Promise<Outcome> {
    return this.inTransaction((delivery) => this.follow.handle(data, delivery));
  }

  retired(data: ProcessRetired): Promise<Outcome> {
    return this.inTransaction((delivery) => this.forget.handle(data, delivery));
  }

  requested(data: ReviewRequested): Promise<Outcome> {
    return this.inTransaction((delivery) => this.review.handle(data, delivery));
  }

  /** Everything said so far, in order. */
  async said(): Promise<Said> {
    const rows = await this.database.query<{ subject: string; payload: string }>(
      'select subject, payload from outbox order by id',
    );
    const of = <T>(subject: string): T[] =>
      rows.filter((row) => row.subject === subject).map((row) => JSON.parse(row.payload) as T);
    return { due: of(ProcessDue.subject), overdue: of(ProcessOverdue.subject) };
  }

  private inTransaction(
    handle: (delivery: { tx: Tx; attributes: never; deliveries: number }) => Promise<Outcome>,
  ): Promise<Outcome> {
    return this.database.transaction((tx) => handle({ tx, attributes: undefined as never, deliveries: 1 }));
  }
}
