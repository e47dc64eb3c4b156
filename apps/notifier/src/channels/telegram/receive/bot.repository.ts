import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';

/** The table `bot`: under which name this bot was seen last. */
@Injectable()
export class BotRepository {
  async username(db: EntityManager, id: number): Promise<string | null> {
    const [row] = await db.query<{ username: string }[]>('select username from bot where id = $1', [id]);
    return row?.username ?? null;
  }

  async save(db: EntityManager, id: number, username: string): Promise<void> {
    await db.query(
      `insert into bot (id, username) values ($1, $2) on conflict (id) do update set username = $2, seen_at = now()`,
      [id, username],
    );
  }
}
