import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { subjectsOf } from '@recert/contracts';
import { type EntityManager } from 'typeorm';
import { FollowedSubjectRepository } from './followed-subject.repository';
import { SubscriptionRepository } from './subscription.repository';

/** Which subjects are wanted by some subscription. */
@Injectable()
export class WantedSubjects {
  private listener: () => void = () => undefined;

  constructor(
    private readonly subscriptions: SubscriptionRepository,
    private readonly followed: FollowedSubjectRepository,
  ) {}

  async now(db: EntityManager): Promise<string[]> {
    const [patterns, outside] = [await this.subscriptions.wantedPatterns(db), await this.followed.outside(db)];
    return [...new Set(patterns.flatMap((pattern) => subjectsOf(pattern, outside)))].sort();
  }

  /** To be called last in a transaction that changed what is wanted. */
  async changed(tx: Tx): Promise<void> {
    await this.followed.want(tx.db, await this.now(tx.db));
    tx.afterCommit(() => this.listener());
  }

  /** `listener` is called when they may have changed here. */
  onChange(listener: () => void): void {
    this.listener = listener;
  }
}
