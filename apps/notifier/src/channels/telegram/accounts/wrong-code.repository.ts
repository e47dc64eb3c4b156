import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';

/** The table `wrong_code`: who tried codes in vain, and when. */
@Injectable()
export class WrongCodeRepository {
  async note(db: EntityManager, userId: number, at: Date): Promise<void> {
    await db.query('insert into wrong_code (user_id, at) values ($1, $2)', [userId, at]);
  }

  async countSince(db: EntityManager, userId: number, since: Date): Promise<number> {
    const [row] = await db.query<{ n: number }[]>(
      'select count(*)::int as n from wrong_code where user_id = $1 and at > $2',
      [userId, since],
    );
    return row?.n ?? 0;
  }

  async clean(db: EntityManager): Promise<void> {
    await db.query(`delete from wrong_code where at < now() - interval '1 day'`);
  }
}
