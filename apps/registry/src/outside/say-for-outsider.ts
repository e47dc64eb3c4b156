import { Injectable } from '@nestjs/common';
import { done, drop, type Outcome, type Tx } from '@recert/bus';
import { outsideEvent, TaskReported } from '@recert/contracts';
import { UserError } from '@recert/service-kit';
import { AskForReview } from '../processes/ask-for-review';
import { FollowedSubjectRepository } from '../subscriptions/followed-subject.repository';
import { WantedSubjects } from '../subscriptions/wanted-subjects';
import { type Said } from './read-said';

/** Who says it, and when it came. */
export interface Saying {
  /** Of the request. */
  readonly id: string;
  /** The name of the token. */
  readonly by: string;
  readonly at: Date;
}

/** Says on the bus what an outside system said at a hook. */
@Injectable()
export class SayForOutsider {
  constructor(
    private readonly reviews: AskForReview,
    private readonly subjects: FollowedSubjectRepository,
    private readonly wanted: WantedSubjects,
  ) {}

  async say(tx: Tx, said: Said, saying: Saying): Promise<Outcome> {
    const { id, by, at } = saying;
    if (said.kind === 'review') return this.askForReview(tx, said.review, by);
    if (said.kind === 'task') {
      const { taskId, status, log } = said.report;
      tx.publish(TaskReported, { reportId: id, taskId, status, log, at: said.report.at ?? at.toISOString() }, by);
      return done;
    }
    tx.publish(outsideEvent(said.subject), said.data, by);
    // Whoever wants all of outside.* wants this one from its first word on.
    if (await this.subjects.noteOutside(tx, said.subject, at)) await this.wanted.changed(tx);
    return done;
  }

  private async askForReview(
    tx: Tx,
    review: Extract<Said, { kind: 'review' }>['review'],
    by: string,
  ): Promise<Outcome> {
    try {
      await this.reviews.askIn(tx, review.processId, review.reason, by);
      return done;
    } catch (error) {
      if (error instanceof UserError) return drop(error.message);
      throw error;
    }
  }
}
