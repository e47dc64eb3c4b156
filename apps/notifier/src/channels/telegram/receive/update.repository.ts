import { Injectable } from '@nestjs/common';
import { type Update } from 'telegraf/types';
import { type EntityManager } from 'typeorm';
import { chatKeyOf } from './update-chat';

/** An update as it is kept. */
export interface StoredUpdate {
  readonly botId: number;
  readonly updateId: number;
  readonly chatKey: string;
  readonly payload: string;
  readonly receivedAt: Date;
  readonly attempts: number;
}

interface Row {
  bot_id: string;
  update_id: string;
  chat_key: string;
  payload: string;
  received_at: Date;
  attempts: number;
}

/** The table `telegram_update`: what came, and what became of it. */
@Injectable()
export class UpdateRepository {
  /** Keeps those that are new, and returns them. Whatever Telegram repeats is known by its id. */
  async keep(db: EntityManager, botId: number, updates: readonly Update[]): Promise<StoredUpdate[]> {
    const rows = await db.query<Row[]>(
      `insert into telegram_update (bot_id, update_id, chat_key, payload)
       select $1, id, chat_key, payload from unnest($2::bigint[], $3::text[], $4::text[]) as t(id, chat_key, payload)
       on conflict do nothing returning bot_id, update_id, chat_key, payload, received_at, attempts`,
      [
        botId,
        updates.map((update) => update.update_id),
        updates.map(chatKeyOf),
        updates.map((update) => JSON.stringify(update)),
      ],
    );
    return rows.map(toStored).sort((a, b) => a.updateId - b.updateId);
  }

  /** What is to be handled, in the order in which it came; nothing of the chats that are busy. */
  async open(db: EntityManager, botId: number, busy: readonly string[], limit: number): Promise<StoredUpdate[]> {
    const rows = await db.query<Row[]>(
      `select bot_id, update_id, chat_key, payload, received_at, attempts from telegram_update
       where bot_id = $1 and handled_at is null and parked_at is null and chat_key <> all ($2::text[])
       order by update_id limit $3`,
      [botId, busy, limit],
    );
    return rows.map(toStored);
  }

  /** Takes it, unless it was handled already: the mark stands or falls with the effects. */
  async take(db: EntityManager, { botId, updateId }: StoredUpdate): Promise<boolean> {
    const [row] = await db.query<{ n: number }[]>(
      `with taken as (update telegram_update set handled_at = now(), outcome = 'handled', attempts = attempts + 1
         where bot_id = $1 and update_id = $2 and handled_at is null returning 1)
       select count(*)::int as n from taken`,
      [botId, updateId],
    );
    return row?.n === 1;
  }

  async markIgnored(db: EntityManager, { botId, updateId }: StoredUpdate): Promise<void> {
    await db.query(`update telegram_update set outcome = 'ignored' where bot_id = $1 and update_id = $2`, [
      botId,
      updateId,
    ]);
  }

  async noteFailure(db: EntityManager, { botId, updateId }: StoredUpdate, error: string, park: boolean): Promise<void> {
    await db.query(
      `update telegram_update set attempts = attempts + 1, error = $3, parked_at = case when $4 then now() end
       where bot_id = $1 and update_id = $2 and handled_at is null`,
      [botId, updateId, error, park],
    );
  }

  /** Sooner than Telegram begins to count anew after a quiet week, so that no old id hides a new update. */
  async clean(db: EntityManager): Promise<void> {
    await db.query(
      `delete from telegram_update where received_at < now() - interval '6 days' and handled_at is not null`,
    );
  }

  async parked(db: EntityManager): Promise<number> {
    const [row] = await db.query<{ n: number }[]>(
      'select count(*)::int as n from telegram_update where parked_at is not null and handled_at is null',
    );
    return row?.n ?? 0;
  }
}

function toStored(row: Row): StoredUpdate {
  return {
    botId: Number(row.bot_id),
    updateId: Number(row.update_id),
    chatKey: row.chat_key,
    payload: row.payload,
    receivedAt: row.received_at,
    attempts: row.attempts,
  };
}
