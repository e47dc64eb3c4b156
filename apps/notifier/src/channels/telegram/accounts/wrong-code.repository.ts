import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';

/** A code that opened nothing. */
export interface WrongCode {
  readonly userId: number;
  readonly at: Date;
  /** SHA-256 in hex of a code that nobody knows yet, and the update that is read again once somebody does. */
  readonly unknown: { readonly hash: string; readonly botId: number; readonly updateId: number } | null;
}

/** The table `wrong_code`: who tried codes in vain, and when. */
@Injectable()
export class WrongCodeRepository {
  /** Until the end of the transaction, nobody else tries this code or hears of its invitation. */
  async lock(db: EntityManager, hash: string): Promise<void> {
    await db.query(`select pg_advisory_xact_lock(hashtextextended('code ' || $1, 0))`, [hash]);
  }

  async note(db: EntityManager, { userId, at, unknown }: WrongCode): Promise<void> {
    await db.query('insert into wrong_code (user_id, at, hash, bot_id, update_id) values ($1, $2, $3, $4, $5)', [
      userId,
      at,
      ...[unknown?.hash ?? null, unknown?.botId ?? null, unknown?.updateId ?? null],
    ]);
  }

  async countSince(db: EntityManager, userId: number, since: Date): Promise<number> {
    const [row] = await db.query<{ n: number }[]>(
      'select count(*)::int as n from wrong_code where user_id = $1 and at > $2',
      [userId, since],
    );
    return row?.n ?? 0;
  }

  /** Opens those updates anew that came with this code before it was known. @returns how many they are */
  async reopen(db: EntityManager, hash: string): Promise<number> {
    const [row] = await db.query<{ n: number }[]>(
      `with code as (delete from wrong_code where hash = $1 returning bot_id, update_id),
         opened as (update telegram_update u set handled_at = null, outcome = null from code
           where u.bot_id = code.bot_id and u.update_id = code.update_id and u.handled_at is not null returning 1)
       select count(*)::int as n from opened`,
      [hash],
    );
    return row?.n ?? 0;
  }

  async clean(db: EntityManager): Promise<void> {
    await db.query(`delete from wrong_code where at < now() - interval '1 day'`);
  }
}
