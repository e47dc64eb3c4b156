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

  /** Buttons of questions that were over a month ago. */
  async clean(db: EntityManager): Promise<void> {
    await db.query(
      `delete from nonce using question q where q.number = nonce.question and q.closed_at < now() - interval '30 days'`,
    );
  }

  /**
   * Uses a button up and notes its answer, if it may be pressed, in one statement: somebody waits for it.
   * @returns null when there is no such button
   */
  async press(db: EntityManager, press: Press): Promise<Button | null> {
    const { nonce, answer, userId, isPrivate, responseId, now } = press;
    const [row] = await db.query<ButtonRow[]>(PRESS, [nonce, answer, isPrivate ? userId : null, responseId, now]);
    return row === undefined ? null : toButton(row);
  }
}

/** Whoever pressed a button, as Telegram says and not as they say. */
export interface Press {
  readonly nonce: string;
  readonly answer: Answer;
  readonly userId: number;
  readonly isPrivate: boolean;
  /** Id of the answer, if it is taken. */
  readonly responseId: string;
  readonly now: Date;
}

const PRESS = `
  with button as (
    select n.nonce, n.answer, n.used_at, q.number, q.process_id, q.review_id, q.recipient, q.state, q.link_measured,
      q.opened_at, p.user_id, p.active
    from nonce n join question q on q.number = n.question left join person p on p.handle = q.recipient
    where n.nonce = $1),
  used as (
    update nonce n set used_at = now() from button b
    where n.nonce = b.nonce and n.used_at is null and b.answer = $2 and b.user_id = $3 and b.active
      and b.state in ('waiting', 'asked')
    returning b.number),
  answered as (
    update question q set state = 'answered', answer = $2, response_id = $4, answered_at = $5 from used
    where q.number = used.number and q.state in ('waiting', 'asked') returning 1)
  select *, exists (select 1 from answered) as taken from button`;

/** A button under a question. */
export interface Button {
  /** Whether it could be pressed, and was. */
  readonly taken: boolean;
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
  taken: boolean;
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
    taken: row.taken,
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
