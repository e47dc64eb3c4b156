import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Answer, type ReviewReason } from '@recert/contracts';
import { type EntityManager } from 'typeorm';
import { type AskedAs, type Escalation, type Place, type Question, type QuestionState, type Subject } from './question';

interface Row {
  number: string;
  review_id: string;
  process_id: string;
  recipient: string;
  role: AskedAs;
  reason: ReviewReason;
  escalation: Escalation | null;
  reminder: number;
  due_at: Date;
  version: number;
  name: string;
  section: string | null;
  url: string | null;
  owner: string | null;
  state: QuestionState;
  digest: string | null;
  place: number | null;
  total: number | null;
  created_at: Date;
  asked_at: Date | null;
  link_code: string;
  link_measured: boolean;
  opened_at: Date | null;
  answer: Answer | null;
  response_id: string | null;
}

/** To whom a review is put, and why to them. */
export interface Ask {
  readonly recipient: string;
  readonly role: AskedAs;
  readonly escalation: Escalation | null;
}

/** The table `question`, both ways. A question changes only while its recipient's row is locked, but for the answer. */
@Injectable()
export class QuestionRepository {
  /** Opens a question. An older one of the same review that was never sent gives way to it. */
  async open(db: EntityManager, subject: Subject, ask: Ask, now: Date): Promise<Question> {
    await db.query(
      `update question set state = 'closed', closed_at = $3 where review_id = $1 and recipient = $2 and state = 'waiting'`,
      [subject.reviewId, ask.recipient, now],
    );
    const [row] = await db.query<Row[]>(
      `insert into question (review_id, process_id, recipient, role, reason, escalation, reminder, name, section, url,
         owner, state, created_at, link_code, version, due_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting', $12, $13, $14, $15) returning *`,
      [
        ...[subject.reviewId, subject.processId, ask.recipient, ask.role, subject.reason, ask.escalation],
        ...[subject.reminder, subject.name, subject.section, subject.url, subject.owner, now],
        ...[randomBytes(16).toString('base64url'), subject.version, subject.dueAt],
      ],
    );
    if (row === undefined) throw new Error('PostgreSQL returned no row for an inserted question');
    return toQuestion(row);
  }

  async find(db: EntityManager, number: number): Promise<Question | null> {
    const [row] = await db.query<Row[]>('select * from question where number = $1', [number]);
    return row === undefined ? null : toQuestion(row);
  }

  /** Those of a process that still wait for an answer or for what becomes of it, oldest first. */
  async openOfProcess(db: EntityManager, processId: string): Promise<Question[]> {
    const rows = await db.query<Row[]>(
      `select * from question where process_id = $1 and state <> 'closed' order by number`,
      [processId],
    );
    return rows.map(toQuestion);
  }

  /** All open questions of those who have one about this process, whatever process they are about, oldest first. */
  async openAround(db: EntityManager, processId: string): Promise<Question[]> {
    const rows = await db.query<Row[]>(
      `select * from question where state <> 'closed' and recipient in (
         select recipient from question where process_id = $1 and state <> 'closed') order by number`,
      [processId],
    );
    return rows.map(toQuestion);
  }

  async openOfRecipient(db: EntityManager, handle: string): Promise<Question[]> {
    const rows = await db.query<Row[]>(
      `select * from question where recipient = $1 and state <> 'closed' order by number`,
      [handle],
    );
    return rows.map(toQuestion);
  }

  /**
   * What waits for an answer, newest question of each review and person.
   * @param recipient only theirs; null for everybody's
   */
  async inbox(db: EntityManager, recipient: string | null): Promise<Question[]> {
    const rows = await db.query<Row[]>(
      `select * from (
         select distinct on (review_id, recipient) * from question
         where state in ('waiting', 'asked', 'answered') and ($1::text is null or recipient = $1)
         order by review_id, recipient, number desc) newest
       where state <> 'answered' order by number`,
      [recipient],
    );
    return rows.map(toQuestion);
  }

  async markAsked(db: EntityManager, number: number, chatId: number, measured: boolean, now: Date): Promise<void> {
    await db.query(
      `update question set state = 'asked', asked_at = coalesce(asked_at, $4), chat_id = $2, message_id = null,
         link_measured = $3 where number = $1`,
      [number, chatId, measured, now],
    );
  }

  /** What was asked but has not arrived goes back into the inbox. */
  async markUnsent(db: EntityManager, recipient: string): Promise<void> {
    await db.query(
      `update question set state = 'waiting' where recipient = $1 and state = 'asked' and message_id is null`,
      [recipient],
    );
  }

  /** The person is somewhere else now: what they were asked in another chat is to be asked again. */
  async leaveChat(db: EntityManager, recipient: string, newChatId: number): Promise<void> {
    await db.query(
      `update question set state = 'waiting', chat_id = null, message_id = null
       where recipient = $1 and state = 'asked' and chat_id <> $2`,
      [recipient, newChatId],
    );
  }

  /** The answer was refused: the question is open again. */
  async reopen(db: EntityManager, number: number): Promise<void> {
    await db.query(
      `update question set state = 'asked', answer = null, answered_at = null, response_id = null where number = $1`,
      [number],
    );
  }

  async moveChat(db: EntityManager, from: number, to: number): Promise<void> {
    await db.query(`update question set chat_id = $2 where chat_id = $1 and state <> 'closed'`, [from, to]);
  }

  async setPlaces(db: EntityManager, places: readonly (Place & { readonly number: number })[]): Promise<void> {
    await db.query(
      `update question q set digest = p.digest, place = p.place, total = p.total
       from json_to_recordset($1::json) as p(number bigint, digest bigint, place int, total int)
       where q.number = p.number`,
      [JSON.stringify(places)],
    );
  }

  /** @returns the address that the link leads to; undefined when there is no such link */
  async noteOpened(db: EntityManager, code: string, now: Date, counts: boolean): Promise<string | null | undefined> {
    const [row] = await db.query<{ url: string | null }[]>(
      `with opened as (update question set opened_at = $2 where link_code = $1 and $3 and opened_at is null)
       select url from question where link_code = $1`,
      [code, now, counts],
    );
    return row?.url;
  }
}

export function toQuestion(row: Row): Question {
  return {
    number: Number(row.number),
    reviewId: row.review_id,
    processId: row.process_id,
    recipient: row.recipient,
    role: row.role,
    reason: row.reason,
    escalation: row.escalation,
    reminder: row.reminder,
    dueAt: row.due_at,
    version: row.version,
    name: row.name,
    section: row.section,
    url: row.url,
    owner: row.owner,
    state: row.state,
    place:
      row.digest === null || row.place === null || row.total === null
        ? null
        : { digest: Number(row.digest), place: row.place, total: row.total },
    createdAt: row.created_at,
    askedAt: row.asked_at,
    linkCode: row.link_code,
    linkMeasured: row.link_measured,
    openedAt: row.opened_at,
    answer: row.answer,
    responseId: row.response_id,
  };
}
