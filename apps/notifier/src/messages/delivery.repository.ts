import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type MessageQuery, type MessageView } from '@recert/contracts';
import { type EntityManager } from 'typeorm';
import { type Claim, type ClaimedDelivery, type ClaimLimits, type NewDelivery, Priority } from './delivery';
import { causeOf } from './message-step';
import { type Button, type Entity, type Message } from './rich-text';

/** Sending takes at most 10 s; who holds a delivery longer than this has died. */
const LEASE = '30 seconds';

/** Anything that statements can be run on. */
export interface Queryable {
  query<Rows>(sql: string, parameters?: unknown[]): Promise<Rows>;
}

interface ClaimedRow {
  id: string;
  kind: ClaimedDelivery['kind'];
  recipient: string | null;
  chat_id: string;
  topic_id: string | null;
  thread: string | null;
  photo: Buffer | null;
  is_caption: boolean;
  text: string;
  entities: Entity[];
  buttons: Button[][];
  question: string | null;
  target: string | null;
  attempts: number;
  run_id: string | null;
  cause_id: string | null;
}

/** Which messages are wanted. */
export type MessageFilter = Pick<MessageQuery, 'state' | 'to'>;

/** The table `delivery`: its rows are the only way to a person. */
@Injectable()
export class DeliveryRepository {
  async send(tx: Tx, delivery: NewDelivery): Promise<void> {
    const { message } = delivery;
    await tx.db.query(
      `insert into delivery (kind, recipient, chat_id, priority, text, entities, buttons, question, dedupe_key, topic_id,
         run_id, cause_id)
       values ('send', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (dedupe_key) do nothing`,
      [
        ...[delivery.recipient, delivery.chatId, delivery.priority, message.text],
        ...[JSON.stringify(message.entities), JSON.stringify(message.buttons)],
        ...[delivery.question, delivery.dedupeKey, delivery.topicId ?? null, ...causeOf(tx)],
      ],
    );
  }

  /**
   * Edits the message of a question, whatever it says now. What was not sent yet is withdrawn: if that is all there
   * was, nobody has to see how the question ended.
   */
  async editQuestion(tx: Tx, question: number, message: Message): Promise<void> {
    const locked = 'select number, recipient, chat_id, message_id from question where number = $1 for update';
    await tx.db.query(editStatement(locked), editParameters(tx, question, message, Priority.outcome));
  }

  /** Closes a question and edits its message, in one statement: somebody has just answered and looks at it. */
  async endQuestion(tx: Tx, question: number, ending: Ending): Promise<void> {
    const closed = `update question set state = 'closed', closed_at = $8, outcome = $9 where number = $1
      returning number, recipient, chat_id, message_id`;
    const { message, priority, at, outcome } = ending;
    await tx.db.query(editStatement(closed), [...editParameters(tx, question, message, priority), at, outcome]);
  }

  /** Edits the message that a question has now, and leaves the question without one: another one will be sent. */
  async retireMessage(tx: Tx, question: number, message: Message): Promise<void> {
    await tx.db.query(
      `with withdrawn as (
         update delivery set state = 'withdrawn' where question = $1 and state = 'waiting' and message_id is null),
       old as (select number, recipient, chat_id, message_id from question
         where number = $1 and message_id is not null),
       freed as (update question q set message_id = null from old where q.number = old.number)
       insert into delivery (kind, recipient, chat_id, priority, text, entities, buttons, question, run_id,
         cause_id, message_id)
       select 'edit', recipient, chat_id, $2, $3, $4, $5, number, $6, $7, message_id from old`,
      editParameters(tx, question, message, Priority.again),
    );
  }

  /** Takes back what waits for a chat that is gone. */
  async withdrawFrom(db: EntityManager, chatId: number): Promise<void> {
    await db.query(`update delivery set state = 'withdrawn', photo = null where chat_id = $1 and state = 'waiting'`, [
      chatId,
    ]);
  }

  async waitingFor(db: EntityManager, chatId: number): Promise<number> {
    const [row] = await db.query<{ n: number }[]>(
      `select count(*)::int as n from delivery where chat_id = $1 and state = 'waiting'`,
      [chatId],
    );
    return row?.n ?? 0;
  }

  /** Leases what may be sent now: the first of each chat, by priority. */
  async claim(db: Queryable, { busy, crowded, full, sends, edits, total }: ClaimLimits): Promise<Claim> {
    const parameters = [busy, sends, edits, total, crowded, full];
    const rows = await db.query<(ClaimedRow & { next_ms: number | null })[]>(CLAIM, parameters);
    const claimed = rows.filter((row) => row.id !== null).map(toClaimed);
    return { claimed, nextMs: rows[0]?.next_ms ?? null };
  }

  /** It is there. The message is the one of its question from now on. */
  async markSent(db: Queryable, delivery: ClaimedDelivery, messageId: number): Promise<void> {
    await db.query(
      `with sent as (
         update delivery set state = 'sent', sent_at = now(), lease_until = null, error = null, message_id = $2,
           photo = null
         where id = $1 and state = 'sending' returning kind, question)
       update question q set message_id = $2, chat_id = $3 from sent
       where q.number = sent.question and sent.kind = 'send'`,
      [delivery.id, messageId, delivery.chatId],
    );
  }

  /** It will be tried again. */
  async putOff(db: Queryable, id: number, delayMs: number, error: string): Promise<void> {
    await db.query(
      `update delivery set state = 'waiting', lease_until = null, error = $3,
         not_before = now() + make_interval(secs => $2) where id = $1 and state = 'sending'`,
      [id, delayMs / 1000, error],
    );
  }

  /** It cannot arrive. Edits of a message that never came are withdrawn with it. */
  async markFailed(db: EntityManager, delivery: ClaimedDelivery, error: string): Promise<void> {
    // The question's row is taken first: whoever is about to edit its message waits, or is seen here.
    if (delivery.question !== null)
      await db.query('select 1 from question where number = $1 for update', [delivery.question]);
    await db.query(
      `update delivery set state = 'failed', lease_until = null, error = $2 where id = $1 and state = 'sending'`,
      [delivery.id, error],
    );
    if (delivery.kind !== 'edit' && delivery.thread !== null) {
      await db.query(`update delivery set state = 'withdrawn', photo = null where edit_of = $1 and state = 'waiting'`, [
        delivery.id,
      ]);
    }
    if (delivery.kind === 'send' && delivery.question !== null) {
      await db.query(
        `update delivery set state = 'withdrawn' where question = $1 and kind = 'edit' and state = 'waiting' and message_id is null
           and exists (select 1 from question where number = $1 and message_id is null)`,
        [delivery.question],
      );
    }
  }

  /** An edit whose message is gone becomes a message, unless it was of one that another has replaced. */
  async sendAnew(db: Queryable, id: number): Promise<void> {
    await db.query(SEND_ANEW, [id]);
  }

  /** The url buttons were refused: it goes without them. */
  async dropLinks(db: Queryable, id: number): Promise<void> {
    await db.query(
      `update delivery set state = 'waiting', lease_until = null,
         buttons = (select coalesce(jsonb_agg(line), '[]') from jsonb_array_elements(buttons) line where not (line -> 0 ? 'url'))
       where id = $1 and state = 'sending'`,
      [id],
    );
  }

  /** The picture of an edit was refused: the words go without it. */
  async dropPhoto(db: Queryable, id: number): Promise<void> {
    await db.query(
      `update delivery set state = 'waiting', lease_until = null, photo = null
       where id = $1 and kind = 'edit' and state = 'sending'`,
      [id],
    );
  }

  /** Leases whose holder has died. @param inHand deliveries that this process is sending now */
  async takeBack(db: Queryable, inHand: readonly number[], alsoUnexpired: boolean): Promise<number> {
    const [row] = await db.query<{ n: number }[]>(
      `with back as (update delivery set state = 'waiting', lease_until = null
         where state = 'sending' and id <> all ($1) and ($2 or lease_until < now()) returning 1)
       select count(*)::int as n from back`,
      [inHand, alsoUnexpired],
    );
    return row?.n ?? 0;
  }

  /** The chat has another id now. */
  async moveChat(db: EntityManager, from: number, to: number): Promise<void> {
    await db.query(
      `update delivery set chat_id = $2 where chat_id = $1 and (thread is not null or state in ('waiting', 'sending'))`,
      [from, to],
    );
  }

  /** The topic is not there any more: what waits for it is said outside of topics. */
  async leaveTopic(db: EntityManager, chatId: number, topicId: number): Promise<void> {
    await db.query(
      `update delivery set topic_id = null where chat_id = $1 and topic_id = $2 and state in ('waiting', 'sending')`,
      [chatId, topicId],
    );
  }

  /** What was said over a year ago. */
  async clean(db: EntityManager): Promise<void> {
    await db.query(
      `delete from delivery where created_at < now() - interval '400 days' and state not in ('waiting', 'sending')`,
    );
  }

  /** Newest first. @param before id of the last one seen */
  async page(db: Queryable, filter: MessageFilter, before: number | null, limit: number): Promise<MessageView[]> {
    const { state = null, to = null } = filter;
    const rows = await db.query<ViewRow[]>(
      `select id, recipient, chat_id, kind, text, state, attempts, error, created_at, sent_at from delivery
       where ($1::bigint is null or id < $1) and ($3::text is null or state = $3)
         and ($4::text is null or coalesce(recipient, 'chat ' || chat_id) = $4)
       order by id desc limit $2`,
      [before, limit, state, to],
    );
    return rows.map(toView);
  }

  async state(db: Queryable, id: number): Promise<MessageView['state'] | null> {
    const [row] = await db.query<{ state: MessageView['state'] }[]>('select state from delivery where id = $1', [id]);
    return row?.state ?? null;
  }

  /** @returns whether it had failed and is sent again now */
  async resend(db: Queryable, id: number): Promise<boolean> {
    const [row] = await db.query<{ n: number }[]>(
      `with again as (update delivery set state = 'waiting', not_before = now(), error = null
         where id = $1 and state = 'failed' returning 1) select count(*)::int as n from again`,
      [id],
    );
    return row?.n === 1;
  }
}

/** How a question ends, and what its message says then. */
export interface Ending {
  readonly outcome: string;
  readonly message: Message;
  readonly priority: Priority;
  readonly at: Date;
}

function editParameters(tx: Tx, question: number, message: Message, priority: Priority): unknown[] {
  const content = [message.text, JSON.stringify(message.entities), JSON.stringify(message.buttons)];
  return [question, priority, ...content, ...causeOf(tx)];
}

/**
 * A message that the sender takes at this very moment is not withdrawn, and has to be edited when it has arrived: that
 * is why it matters what was withdrawn, and not what seemed to wait.
 * @param taken statement that locks the question and gives its number, recipient, chat_id and message_id
 */
function editStatement(taken: string): string {
  return `
    with q as (${taken}),
    withdrawn as (
      update delivery set state = 'withdrawn' where question = $1 and state = 'waiting' and message_id is null
      returning id)
    insert into delivery (kind, recipient, chat_id, priority, text, entities, buttons, question, run_id, cause_id)
    select 'edit', q.recipient, q.chat_id, $2, $3, $4, $5, q.number, $6, $7 from q
    where q.chat_id is not null and (q.message_id is not null or exists (
      select 1 from delivery d where d.question = $1 and d.kind = 'send' and d.state in ('waiting', 'sending')
        and d.id not in (select id from withdrawn)))`;
}

const CLAIM = `
  with first_of_chat as (
    select distinct on (d.chat_id) d.id, d.kind, d.priority, coalesce(d.message_id, q.message_id, o.message_id) as target,
      o.kind is not distinct from 'photo' as is_caption
    from delivery d left join question q on q.number = d.question and d.kind = 'edit'
      left join delivery o on o.id = d.edit_of
    where d.state = 'waiting' and d.not_before <= now() and d.chat_id <> all ($1::bigint[])
      and (d.thread is null or (d.priority < ${Priority.count} or d.chat_id <> all ($5::bigint[]))
        and (d.priority < ${Priority.warning} or d.chat_id <> all ($6::bigint[])))
      and (d.kind <> 'edit' and $2 > 0
        or d.kind = 'edit' and $3 > 0 and coalesce(d.message_id, q.message_id, o.message_id) is not null)
    order by d.chat_id, d.priority, d.id),
  ranked as (
    select *, row_number() over (partition by kind = 'edit' order by priority, id) as nth from first_of_chat),
  chosen as (
    select id, target, is_caption from ranked where nth <= case kind when 'edit' then $3 else $2 end
    order by priority, id limit $4),
  -- What is being rewritten at this moment is left: whoever rewrites it wakes the sender.
  held as (
    select d.id from delivery d where d.id in (select id from chosen) and d.state = 'waiting' for update skip locked),
  claimed as (
    update delivery d set state = 'sending', lease_until = now() + interval '${LEASE}', attempts = d.attempts + 1
    from chosen c join held h on h.id = c.id where d.id = c.id and d.state = 'waiting'
    returning d.id, d.kind, d.recipient, d.chat_id, d.topic_id, d.priority, d.text, d.entities, d.buttons, d.question,
      d.thread, d.photo, c.target, c.is_caption, d.attempts, d.run_id, d.cause_id)
  -- In the same statement, so that nothing can become due between the two.
  select claimed.*, (select ceil(extract(epoch from min(not_before) - now()) * 1000)::float8 from delivery
    where state = 'waiting' and not_before > now()) as next_ms
  from (select) one left join claimed on true order by priority, id`;

const SEND_ANEW = `
  with gone as (
    update delivery d set lease_until = null, edit_of = null,
      kind = case when replaced.yes then d.kind when d.photo is null then 'send' else 'photo' end,
      photo = case when not replaced.yes then d.photo end,
      state = case when replaced.yes then 'withdrawn' else 'waiting' end
    from delivery e cross join lateral (
      select e.message_id is not null or exists (
        select 1 from delivery n where n.thread = e.thread and n.chat_id = e.chat_id and n.kind <> 'edit'
          and n.id > e.edit_of and n.state in ('waiting', 'sending', 'sent')) as yes) replaced
    where e.id = d.id and d.id = $1 and d.state = 'sending'
    returning d.id, d.state, e.edit_of)
  update delivery d set edit_of = gone.id from gone
  where gone.state = 'waiting' and d.edit_of = gone.edit_of and d.state = 'waiting'`;

interface ViewRow {
  id: string;
  recipient: string | null;
  chat_id: string;
  kind: string;
  text: string;
  state: MessageView['state'];
  attempts: number;
  error: string | null;
  created_at: Date;
  sent_at: Date | null;
}

function toClaimed(row: ClaimedRow): ClaimedDelivery {
  return {
    id: Number(row.id),
    kind: row.kind,
    recipient: row.recipient,
    chatId: Number(row.chat_id),
    topicId: row.topic_id === null ? null : Number(row.topic_id),
    ...{ text: row.text, entities: row.entities, buttons: row.buttons },
    question: row.question === null ? null : Number(row.question),
    messageId: row.target === null ? null : Number(row.target),
    thread: row.thread,
    photo: row.photo,
    isCaption: row.is_caption,
    ...{ attempts: row.attempts, runId: row.run_id, causeId: row.cause_id },
  };
}

function toView(row: ViewRow): MessageView {
  return {
    id: row.id,
    channel: 'telegram',
    to: row.recipient ?? `chat ${row.chat_id}`,
    kind: row.kind,
    text: row.text,
    state: row.state,
    attempts: row.attempts,
    error: row.error,
    createdAt: row.created_at.toISOString(),
    sentAt: row.sent_at?.toISOString() ?? null,
  };
}
