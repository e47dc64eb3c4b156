import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { type EscalationPolicy } from '@recert/recertification';
import { Clock } from '@recert/service-kit';
import { ESCALATION_POLICY } from './escalation-policy';
import { ReviewTimer } from './review-timer';
import { ScheduleRepository } from './schedule.repository';

/** Waking times are stored as the policy gives them: under another one, every open review is looked at again. */
@Injectable()
export class ApplyPolicyWhenItChanged implements OnApplicationBootstrap {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly schedules: ScheduleRepository,
    private readonly timer: ReviewTimer,
    private readonly clock: Clock,
    @Inject(ESCALATION_POLICY) private readonly policy: EscalationPolicy,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.database.transaction(async (tx) => {
      const isNew = await this.schedules.rememberPolicy(tx, JSON.stringify(this.policy));
      if (!isNew) return;
      const now = this.clock.now();
      await this.schedules.wakeWhatThePolicyTouches(tx, now);
      tx.afterCommit(() => this.timer.expect(now));
    });
  }
}
