import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { type InThread } from './pace';

/** All chats at once. */
const ALL = 0;

/** Silence that Telegram asked for, by how much of it is left. */
export interface KeptPause {
  /** Null for all chats. */
  readonly chatId: number | null;
  readonly leftMs: number;
}

/** The table `chat_pace`: silence outlives whoever was told to keep it. */
@Injectable()
export class PaceRepository {
  async keep(db: EntityManager, chatId: number | null, waitMs: number): Promise<void> {
    await db.query(
      `insert into chat_pace (chat_id, paused_until) values ($1, now() + make_interval(secs => $2))
       on conflict (chat_id) do update set paused_until = greatest(chat_pace.paused_until, excluded.paused_until)`,
      [chatId ?? ALL, waitMs / 1000],
    );
  }

  async load(db: EntityManager): Promise<KeptPause[]> {
    const rows = await db.query<{ chat_id: string; left_ms: number }[]>(
      `select chat_id, (extract(epoch from paused_until - now()) * 1000)::float8 as left_ms from chat_pace
       where paused_until > now()`,
    );
    return rows.map((row) => ({
      chatId: Number(row.chat_id) === ALL ? null : Number(row.chat_id),
      leftMs: row.left_ms,
    }));
  }

  /** What groups and threads heard in the last minute, oldest first: it counts for whoever speaks next. */
  async recent(db: EntityManager): Promise<{ chatId: number; inThread: InThread; agoMs: number }[]> {
    const rows = await db.query<{ chat_id: string; in_thread: InThread; ago_ms: number }[]>(
      `select chat_id, (extract(epoch from now() - sent_at) * 1000)::float8 as ago_ms,
         case when thread is null then null when kind = 'edit' then 'edit' else 'new' end as in_thread
       from delivery where (chat_id < 0 or thread is not null) and sent_at > now() - interval '1 minute' order by sent_at`,
    );
    return rows.map((row) => ({ chatId: Number(row.chat_id), inThread: row.in_thread, agoMs: row.ago_ms }));
  }

  async clean(db: EntityManager): Promise<void> {
    await db.query('delete from chat_pace where paused_until < now()');
  }
}
