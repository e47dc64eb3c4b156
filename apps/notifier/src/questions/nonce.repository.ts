import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { answer as answerSchema, type Answer } from '@recert/contracts';
import { type EntityManager } from 'typeorm';
import { type QuestionState } from './question';

const ANSWERS = answerSchema.options;

/** What a button carries: a secret of 128 bits and the answer it stands for; at most 35 of the 64 bytes allowed. */
export type ButtonData = Readonly<Record<Answer, string>>;

/** `nonce:answer` as it comes back from a chat. Anybody can send anything: only the row of the nonce counts. */
export const BUTTON_DATA = /^([A-Za-z0-9_-]{22}):(correct|needs-update|not-mine|later)$/;

/** The table `nonce`: the buttons that are under messages. */
@Injectable()
export class NonceRepository {
  /** New buttons for a question. Those it had before open nothing any more. */
  async renew(db: EntityManager, question: number): Promise<ButtonData> {
    const nonces = ANSWERS.map(() => randomBytes(16).toString('base64url'));
    await db.query(
      `with old as (update nonce set used_at = now() where question = $1 and used_at is null)
       insert into nonce (nonce, question, answer) select n, $1, a from unnest($2::text[], $3::text[]) as new(n, a)`,
      [question, nonces, ANSWERS],
    );
    return Object.fromEntries(ANSWERS.map((answer, i) => [answer, `${nonces[i]}:${answer}`])) as ButtonData;
  }

  /** The button with its question and the one it was put to. */
  async find(db: EntityManager, nonce: string): Promise<Button | null> {
    const [row] = await db.query<ButtonRow[]>(
      `select n.answer, n.used_at, q.process_id, q.review_id, q.recipient, q.state, q.link_measured, q.opened_at,
         p.user_id, p.active
       from nonce n join question q on q.number = n.question left join person p on p.handle = q.recipient
       where n.nonce = $1`,
      [nonce],
    );
    return row === undefined ? null : toButton(row);
  }

  /** Buttons of questions that were over a month ago. */
  async clean(db: EntityManager): Promise<void> {
    await db.query(
      `delete from nonce using question q where q.number = nonce.question and q.closed_at < now() - interval '30 days'`,
    );
  }

  /** Uses the button up and notes the answer. @returns false when somebody was quicker */
  async use(
    db: EntityManager,
    use: { nonce: string; answer: Answer; responseId: string; now: Date },
  ): Promise<boolean> {
    const [row] = await db.query<{ n: number }[]>(
      `with used as (
         update nonce set used_at = now() where nonce = $1 and used_at is null returning question),
       answered as (
         update question q set state = 'answered', answer = $2, response_id = $3, answered_at = $4 from used
         where q.number = used.question and q.state in ('waiting', 'asked') returning 1)
       select count(*)::int as n from answered`,
      [use.nonce, use.answer, use.responseId, use.now],
    );
    return row?.n === 1;
  }
}

/** A button under a question. */
export interface Button {
  readonly answer: Answer;
  readonly isUsed: boolean;
  readonly processId: string;
  readonly reviewId: string;
  readonly recipient: string;
  readonly state: QuestionState;
  readonly linkMeasured: boolean;
  readonly openedAt: Date | null;
  /** The linked account of the one who was asked. */
  readonly userId: number | null;
  readonly active: boolean;
}

interface ButtonRow {
  answer: Answer;
  used_at: Date | null;
  process_id: string;
  review_id: string;
  recipient: string;
  state: QuestionState;
  link_measured: boolean;
  opened_at: Date | null;
  user_id: string | null;
  active: boolean | null;
}

function toButton(row: ButtonRow): Button {
  return {
    answer: row.answer,
    isUsed: row.used_at !== null,
    processId: row.process_id,
    reviewId: row.review_id,
    recipient: row.recipient,
    state: row.state,
    linkMeasured: row.link_measured,
    openedAt: row.opened_at,
    userId: row.user_id === null ? null : Number(row.user_id),
    active: row.active === true,
  };
}
