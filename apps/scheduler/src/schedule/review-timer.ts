import { Injectable } from '@nestjs/common';
import { ProcessDue, ProcessOverdue } from '@recert/contracts';
import { Clock, DueTimer } from '@recert/service-kit';
import { OpenDueReviews } from './open-due-reviews';
import { ScheduleRepository } from './schedule.repository';

/** Looks at the processes when the first of them has to be looked at. */
@Injectable()
export class ReviewTimer extends DueTimer {
  readonly task = { id: 'scheduler.review-timer', emits: [ProcessDue, ProcessOverdue] };
  constructor(
    private readonly reviews: OpenDueReviews,
    private readonly schedules: ScheduleRepository,
    clock: Clock,
  ) {
    super(clock);
  }

  protected nextWakeAt(): Promise<Date | null> {
    return this.schedules.nextWakeAt();
  }

  protected lookAtDue(goesOn: () => boolean): Promise<number> {
    return this.reviews.run(goesOn);
  }
}
