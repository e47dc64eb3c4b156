import { Controller, Inject } from '@nestjs/common';
import { type Delivery, done, newEventId, OnEvent, type Outcome, patienceMs, retry } from '@recert/bus';
import { ProcessDue, ReviewRequested } from '@recert/contracts';
import { type EscalationPolicy, request } from '@recert/recertification';
import { Clock } from '@recert/service-kit';
import { announcementOf } from './announce';
import { ESCALATION_POLICY } from './escalation-policy';
import { ReviewTimer } from './review-timer';
import { entryOf, wakeOf, withEntry } from './schedule';
import { ScheduleRepository, toRow } from './schedule.repository';

/** Mostly the state is a moment late; if it is not coming, asking once a minute is often enough. */
const LONGEST_WAIT_MS = 60_000;

@Controller()
export class ReviewWhenItIsRequested {
  constructor(
    private readonly schedules: ScheduleRepository,
    private readonly timer: ReviewTimer,
    private readonly clock: Clock,
    @Inject(ESCALATION_POLICY) private readonly policy: EscalationPolicy,
  ) {}

  @OnEvent(ReviewRequested, { durable: 'scheduler.review-when-requested', emits: [ProcessDue] })
  async handle(requested: ReviewRequested, { tx, deliveries }: Delivery): Promise<Outcome> {
    const { processId, version, reason, by } = requested;
    const before = await this.schedules.lock(tx, processId);
    // The state it speaks of travels separately and may come later; with an older one the wrong owner would be asked.
    if (!before || before.version < version) {
      return retry(patienceMs(deliveries, LONGEST_WAIT_MS), `version ${version} of ${processId} is not known yet`);
    }
    const now = this.clock.now();
    const { emit, entry } = request(entryOf(before), reason, now, newEventId(now), this.policy);
    const after = withEntry(before, entry);
    const wakeAt = wakeOf(after, this.policy);
    const announcements = emit.map((said) => announcementOf(after, said, now, by));
    await this.schedules.update(tx, [toRow(after, wakeAt)]);
    const opening = before.review === null ? emit.find((said) => said.type === 'due') : undefined;
    if (opening) await this.schedules.insertOccurrences(tx, [{ ...opening, processId }]);
    for (const announce of announcements) announce(tx);
    tx.afterCommit(() => this.timer.expect(wakeAt));
    return done;
  }
}
