import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { Priority } from '../../messages/delivery';
import { headlineOf, NEWS_OF } from './fallback-texts';
import { type WaitingNews } from './plan-news';

/** Of the table `delivery`, what waits for Telegram and is news for admins, however many chats it is for. */
@Injectable()
export class WaitingNewsRepository {
  async all(db: EntityManager): Promise<WaitingNews[]> {
    // An edit that only counts on is no news of what was said before Telegram went away.
    const rows = await db.query<{ thread: string; priority: number; text: string }[]>(
      `select distinct on (thread) thread, priority, text from delivery
       where state in ('waiting', 'sending') and thread is not null and split_part(thread, ':', 1) = any($1)
         and (kind <> 'edit' or priority < $2)
       order by thread, id desc`,
      [NEWS_OF, Priority.count],
    );
    return rows.map(({ thread, priority, text }) => ({ thread, priority, headline: headlineOf(thread, text) }));
  }

  async count(db: EntityManager): Promise<number> {
    const [row] = await db.query<{ n: number }[]>(`select count(*)::int as n from delivery where state = 'waiting'`);
    return row?.n ?? 0;
  }
}
