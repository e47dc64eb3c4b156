import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type EntityManager } from 'typeorm';
import { type AdminChat } from '../chats/admin-chat';
import { type Priority } from './delivery';
import { causeOf } from './message-step';
import { type Message } from './rich-text';

/** The living message of something in a chat. */
export interface Thread {
  readonly thread: string;
  readonly chat: AdminChat;
}

/** What the message of a thread is to say. */
export interface Wanted {
  readonly priority: Priority;
  readonly message: Message;
  /** Another picture for a message that has one; null for the one that it has. */
  readonly photo: Buffer | null;
  /** Milliseconds that lie between two edits of the message at least; 0 for at once. */
  readonly everyMs: number;
}

/** What is said for the first time. */
export interface Said {
  readonly thread: string | null;
  readonly chat: AdminChat;
  readonly priority: Priority;
  readonly message: Message;
  /** A picture, PNG or JPEG, over the text, which then has at most 1024 UTF-16 units. */
  readonly photo: Buffer | null;
  readonly dedupeKey: string | null;
}

interface Present {
  readonly id: string;
  readonly state: 'waiting' | 'sending' | 'sent';
}

/** The threads in the table `delivery`: of each, in each chat, the newest message counts, and its latest text. */
@Injectable()
export class ThreadRepository {
  /** What of the thread was not sent yet in this chat is withdrawn. @returns whether it was not said before */
  async say(tx: Tx, { thread, chat, priority, message, photo, dedupeKey }: Said): Promise<boolean> {
    const { db } = tx;
    const [row] = await db.query<{ id: string }[]>(
      `insert into delivery (kind, recipient, chat_id, topic_id, priority, text, entities, buttons, thread, photo,
         dedupe_key, run_id, cause_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (dedupe_key) do nothing returning id`,
      [
        ...[photo === null ? 'send' : 'photo', chat.handle, chat.chatId, chat.topicId, priority],
        ...[...content(message), thread, photo, dedupeKey, ...causeOf(tx)],
      ],
    );
    if (row === undefined || thread === null) return row !== undefined;
    await db.query(
      `with unseen as (
         update delivery set state = 'withdrawn', photo = null
         where thread = $1 and chat_id = $2 and kind <> 'edit' and state = 'waiting' and id <> $3 returning id)
       update delivery set state = 'withdrawn', photo = null
       where edit_of in (select id from unseen) and state = 'waiting'`,
      [thread, chat.chatId, row.id],
    );
    return true;
  }

  /** The latest text and the latest picture win: what was not sent yet is rewritten, and nothing queues up behind it. */
  async edit(tx: Tx, thread: Thread, wanted: Wanted): Promise<void> {
    const present = await this.lockPresent(tx.db, thread);
    if (present === null) return;
    if (present.state === 'waiting') await this.rewrite(tx, present.id, wanted);
    else await this.editSent(tx, present.id, wanted);
  }

  /** The last word of the present message, before another takes its place; one that was not sent yet is withdrawn. */
  async retire(tx: Tx, thread: Thread, wanted: Wanted): Promise<void> {
    const present = await this.lockPresent(tx.db, thread);
    if (present === null || present.state === 'waiting') return;
    await this.editSent(tx, present.id, wanted);
  }

  /** Takes the present message back. @returns false when it was sent already, or is being sent */
  async withdraw(db: EntityManager, thread: Thread): Promise<boolean> {
    const present = await this.lockPresent(db, thread);
    if (present?.state !== 'waiting') return false;
    await db.query(`update delivery set state = 'withdrawn', photo = null where id = $1`, [present.id]);
    return true;
  }

  /** The chats in which something was said of it and not taken back, in the order in which they are locked. */
  async chatsOf(db: EntityManager, thread: string): Promise<AdminChat[]> {
    const rows = await db.query<{ chat_id: string; topic_id: string | null; recipient: string | null }[]>(
      `select distinct on (chat_id) chat_id, topic_id, recipient from delivery
       where thread = $1 and kind <> 'edit' and state in ('waiting', 'sending', 'sent') order by chat_id, id desc`,
      [thread],
    );
    return rows.map(({ chat_id, topic_id, recipient }) => ({
      chatId: Number(chat_id),
      topicId: topic_id === null ? null : Number(topic_id),
      handle: recipient,
    }));
  }

  /** Who edits waits here for whoever did before, and for the sender's word on what became of the message. */
  private async lockPresent(db: EntityManager, { thread, chat }: Thread): Promise<Present | null> {
    const [row] = await db.query<Present[]>(
      `select id, state from delivery where thread = $1 and chat_id = $2 and kind <> 'edit'
         and state in ('waiting', 'sending', 'sent') order by id desc limit 1 for update`,
      [thread, chat.chatId],
    );
    return row ?? null;
  }

  private async rewrite(tx: Tx, id: string, { priority, message, photo }: Wanted): Promise<void> {
    await tx.db.query(
      `update delivery set priority = least(priority, $2), text = $3, entities = $4, buttons = $5,
         photo = case when kind = 'photo' then coalesce($6, photo) end,
         run_id = coalesce($7, run_id), cause_id = coalesce($8, cause_id) where id = $1`,
      [id, priority, ...content(message), photo, ...causeOf(tx)],
    );
  }

  private async editSent(tx: Tx, id: string, { priority, message, photo, everyMs }: Wanted): Promise<void> {
    await tx.db.query(EDIT_SENT, [id, priority, ...content(message), everyMs / 1000, photo, ...causeOf(tx)]);
  }
}

const EDIT_SENT = `
  with edited as (
    -- A text gets no picture.
    select chat_id, topic_id, recipient, thread, case when kind = 'photo' then $7::bytea end as photo
    from delivery where id = $1),
  due as (
    -- A message that is on its way counts as just sent.
    select case when $6::float8 = 0 then now() else greatest(now(),
      coalesce(max(coalesce(sent_at, now())), now()) + make_interval(secs => $6::float8)) end as at
    from delivery where (id = $1 or edit_of = $1) and state in ('sending', 'sent')),
  rewritten as (
    update delivery d set priority = least(d.priority, $2), text = $3, entities = $4, buttons = $5,
      photo = coalesce(edited.photo, d.photo), not_before = least(d.not_before, due.at),
      run_id = coalesce($8, d.run_id), cause_id = coalesce($9, d.cause_id)
    from due, edited where d.edit_of = $1 and d.state = 'waiting' returning d.id)
  insert into delivery (kind, recipient, chat_id, topic_id, priority, text, entities, buttons, thread, photo, edit_of, not_before,
    run_id, cause_id)
  select 'edit', e.recipient, e.chat_id, e.topic_id, $2, $3, $4, $5, e.thread, e.photo, $1, due.at, $8, $9 from edited e, due
  where not exists (select 1 from rewritten)`;

function content({ text, entities, buttons }: Message): unknown[] {
  return [text, JSON.stringify(entities), JSON.stringify(buttons)];
}
