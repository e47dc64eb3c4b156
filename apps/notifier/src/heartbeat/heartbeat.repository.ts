import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { Priority } from '../messages/delivery';

/** What the tables of deliveries say of whether people are reached. */
@Injectable()
export class HeartbeatRepository {
  /** Since when the oldest message that may be sent now has waited. Numbers that are brought up to date may wait. */
  async waitingSince(db: EntityManager): Promise<Date | null> {
    const [row] = await db.query<{ since: Date | null }[]>(
      `select min(created_at) as since from delivery
       where (state = 'sending' or state = 'waiting' and not_before <= now()) and priority < $1`,
      [Priority.count],
    );
    return row?.since ?? null;
  }

  /** Whether a way of the fallback has taken what was said last of an outage. @param since when it began */
  async isTold(db: EntityManager, since: Date): Promise<boolean> {
    const [row] = await db.query<{ is_told: boolean }[]>(
      `select exists (select 1 from (
         select distinct on (way) state, error from fallback_delivery where outage = $1 order by way, id desc) latest
         where state = 'sent' or state in ('waiting', 'sending') and error is null) as is_told`,
      [since],
    );
    return row?.is_told === true;
  }
}
