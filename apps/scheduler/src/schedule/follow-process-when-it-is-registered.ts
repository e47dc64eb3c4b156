import { Controller, Inject } from '@nestjs/common';
import { type Delivery, done, OnEvent, type Outcome, retry } from '@recert/bus';
import { ProcessRegistered } from '@recert/contracts';
import { type EscalationPolicy } from '@recert/recertification';
import { ESCALATION_POLICY } from './escalation-policy';
import { follow } from './follow';
import { ReviewTimer } from './review-timer';
import { wakeOf } from './schedule';
import { ScheduleRepository, toRow } from './schedule.repository';

@Controller()
export class FollowProcessWhenItIsRegistered {
  constructor(
    private readonly schedules: ScheduleRepository,
    private readonly timer: ReviewTimer,
    @Inject(ESCALATION_POLICY) private readonly policy: EscalationPolicy,
  ) {}

  @OnEvent(ProcessRegistered, { durable: 'scheduler.follow-process' })
  async handle(state: ProcessRegistered, { tx }: Delivery): Promise<Outcome> {
    const known = await this.schedules.lock(tx, state.processId);
    if (known && known.version >= state.version) return done;
    const next = follow(known, state);
    const wakeAt = wakeOf(next, this.policy);
    if (known) await this.schedules.update(tx, [toRow(next, wakeAt)]);
    else if (!(await this.schedules.insert(tx, next, wakeAt))) return retry(0, 'two states of a new process at once');
    if (next.status === 'retired') await this.schedules.deleteOccurrences(tx, next.processId);
    tx.afterCommit(() => this.timer.expect(wakeAt));
    return done;
  }
}
