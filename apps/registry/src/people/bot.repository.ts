import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type EntityManager } from 'typeorm';

/** The Telegram bot that is up: the one row of the table `bot`. */
@Injectable()
export class BotRepository {
  /** Without the @; null while none has come up. */
  async username(db: EntityManager): Promise<string | null> {
    const [row] = await db.query<{ username: string }[]>('select username from bot');
    return row?.username ?? null;
  }

  /** Older news changes nothing. */
  async noteUp(tx: Tx, username: string, at: Date): Promise<void> {
    await tx.db.query(
      `insert into bot (username, up_at) values ($1, $2)
       on conflict (one) do update set username = excluded.username, up_at = excluded.up_at
       where bot.up_at <= excluded.up_at`,
      [username, at],
    );
  }
}
