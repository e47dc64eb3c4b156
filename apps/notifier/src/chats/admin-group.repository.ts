import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { type AdminChat } from './admin-chat';

/** A group of admins, as it is registered. */
export interface AdminGroup {
  readonly chatId: number;
  readonly topicId: number | null;
  readonly title: string;
  /** Handle. */
  readonly registeredBy: string;
}

interface Row {
  chat_id: string;
  topic_id: string | null;
}

/** The table `admin_group`: groups in which admins are told of things. */
@Injectable()
export class AdminGroupRepository {
  async all(db: EntityManager): Promise<AdminChat[]> {
    const rows = await db.query<Row[]>('select chat_id, topic_id from admin_group order by chat_id');
    return rows.map(toChat);
  }

  async find(db: EntityManager, chatId: number): Promise<AdminChat | null> {
    const [row] = await db.query<Row[]>('select chat_id, topic_id from admin_group where chat_id = $1', [chatId]);
    return row === undefined ? null : toChat(row);
  }

  /** A group has one place in which it is told of things: the one that was named last. */
  async register(db: EntityManager, group: AdminGroup): Promise<void> {
    await db.query(
      `insert into admin_group (chat_id, topic_id, title, registered_by) values ($1, $2, $3, $4)
       on conflict (chat_id) do update set topic_id = $2, title = $3, registered_by = $4, registered_at = now()`,
      [group.chatId, group.topicId, group.title, group.registeredBy],
    );
  }

  /** @returns what the group is called; null when it was not registered */
  async remove(db: EntityManager, chatId: number): Promise<string | null> {
    const [row] = await db.query<{ title: string }[]>(
      `with gone as (delete from admin_group where chat_id = $1 returning title) select title from gone`,
      [chatId],
    );
    return row?.title ?? null;
  }

  /** The topic is not there any more: the group is told of things outside of topics from now on. */
  async leaveTopic(db: EntityManager, chatId: number, topicId: number): Promise<void> {
    await db.query('update admin_group set topic_id = null where chat_id = $1 and topic_id = $2', [chatId, topicId]);
  }

  /** The group has another id now; one that is registered there already stays. */
  async moveChat(db: EntityManager, from: number, to: number): Promise<void> {
    await db.query(
      `with moved as (delete from admin_group where chat_id = $1 returning *)
       insert into admin_group (chat_id, topic_id, title, registered_by, registered_at)
       select $2, topic_id, title, registered_by, registered_at from moved on conflict (chat_id) do nothing`,
      [from, to],
    );
  }
}

function toChat({ chat_id: chatId, topic_id: topicId }: Row): AdminChat {
  return { chatId: Number(chatId), topicId: topicId === null ? null : Number(topicId), handle: null };
}
