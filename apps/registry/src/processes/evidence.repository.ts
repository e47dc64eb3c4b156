import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type Answer, type Channel } from '@recert/contracts';
import { type ProcessEvent, type Standing } from '@recert/recertification';
import { type ProcessChange } from './process-change';

/** An answer as it arrived. */
export interface Response {
  readonly id: string;
  readonly processId: string;
  readonly reviewId: string | null;
  readonly answer: Answer;
  readonly by: string;
  readonly channel: Channel;
  readonly at: Date;
  readonly recordOpened: boolean | null;
}

/** What became of the answer: who gave it, and why it was refused if it was. */
export interface ResponseVerdict {
  readonly standing: Standing;
  readonly refused: string | null;
}

interface Closed {
  readonly id: string;
  readonly closed_at: Date;
  readonly outcome: string;
  readonly answered_by: string | null;
  readonly record_opened: boolean | null;
}

type Opened = ProcessEvent & { type: 'review-opened' };

/** What reviews there were, what was answered, and what each record said: the tables review, response, record_revision. */
@Injectable()
export class EvidenceRepository {
  /** Writes down what these changes say about reviews and records. */
  async note(tx: Tx, changes: readonly ProcessChange[]): Promise<void> {
    await this.keepRevisions(tx, changes);
    const closed: Closed[] = [];
    for (const change of changes) {
      for (const event of change.events) {
        if (event.type === 'review-opened') await this.openReview(tx, change, event);
        if (event.type === 'reminded') await this.remind(tx, event.reviewId, event.reminder, event.at);
        if (event.type === 'went-overdue') await this.noteOverdue(tx, event.reviewId, event.at);
      }
      closed.push(...closedBy(change));
    }
    await this.closeReviews(tx, closed);
  }

  /**
   * What is known of an answer that arrives: whether it was taken or refused before, and whether its review was ever
   * opened here, which an answer may overtake.
   * @param reviewId null where no question was answered: then there is nothing to know
   */
  async knows(tx: Tx, responseId: string, reviewId: string | null): Promise<{ response: boolean; review: boolean }> {
    const [row] = await tx.db.query<{ response: boolean; review: boolean }[]>(
      `select exists (select 1 from response where id = $1) as response,
         $2::uuid is null or exists (select 1 from review where id = $2) as review`,
      [responseId, reviewId],
    );
    return row!;
  }

  /** Whether the review was ever opened here: the news that nobody answered may overtake its opening. */
  async knowsReview(tx: Tx, reviewId: string): Promise<boolean> {
    const rows = await tx.db.query<unknown[]>('select 1 from review where id = $1', [reviewId]);
    return rows.length > 0;
  }

  async keepResponse(tx: Tx, response: Response, { standing, refused }: ResponseVerdict): Promise<void> {
    const { id, processId, reviewId, answer, by, channel, at, recordOpened } = response;
    await tx.db.query(
      `insert into response (id, process_id, review_id, answer, by, standing, channel, at, record_opened, refused)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [id, processId, reviewId, answer, by, standing, channel, at, recordOpened, refused],
    );
  }

  private async keepRevisions(tx: Tx, changes: readonly ProcessChange[]): Promise<void> {
    const revisions = changes.flatMap(({ after, record, reason }) =>
      record === null || record === undefined
        ? []
        : [{ process_id: after.id, record_hash: after.state.recordHash, record, at: reason.at }],
    );
    if (revisions.length === 0) return;
    await tx.db.query(
      `insert into record_revision (process_id, record_hash, record, at)
       select * from json_to_recordset($1::json) as r(process_id text, record_hash text, record text, at timestamptz)
       on conflict do nothing`,
      [JSON.stringify(revisions)],
    );
  }

  private async openReview(tx: Tx, { after, askedBy }: ProcessChange, opened: Opened): Promise<void> {
    const { reviewId, reason, reminder, at } = opened;
    await tx.db.query(
      `insert into review (id, process_id, reason, opened_at, reminders, asked_by) values ($1, $2, $3, $4, $5, $6)
       on conflict do nothing`,
      [reviewId, after.id, reason, at, reminder, askedBy ?? null],
    );
  }

  private async remind(tx: Tx, reviewId: string, reminder: number, at: Date): Promise<void> {
    await tx.db.query('update review set reminders = $2, last_reminded_at = $3 where id = $1', [
      reviewId,
      reminder,
      at,
    ]);
  }

  private async noteOverdue(tx: Tx, reviewId: string, at: Date): Promise<void> {
    await tx.db.query('update review set overdue_at = coalesce(overdue_at, $2) where id = $1', [reviewId, at]);
  }

  private async closeReviews(tx: Tx, closed: readonly Closed[]): Promise<void> {
    if (closed.length === 0) return;
    await tx.db.query(
      `update review v set closed_at = r.closed_at, outcome = r.outcome, answered_by = r.answered_by,
         record_opened = r.record_opened
       from json_to_recordset($1::json) as r(id uuid, closed_at timestamptz, outcome text, answered_by text,
         record_opened boolean)
       where v.id = r.id`,
      [JSON.stringify(closed)],
    );
  }
}

/** The review that a change has brought to its end, if one was open. */
function closedBy({ before, after, reason }: ProcessChange): Closed[] {
  if (!before?.review?.open || after.review?.open) return [];
  const certification = after.state.status === 'certified' ? after.state.certification : null;
  return [
    {
      id: before.review.id,
      closed_at: reason.at,
      outcome: certification === null ? 'retired' : 'certified',
      answered_by: certification?.by ?? null,
      record_opened: certification?.recordOpened ?? null,
    },
  ];
}
