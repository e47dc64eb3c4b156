import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { type Reach, REACHED } from './reach';

interface Row {
  messages_fail_since: Date | null;
  calls_fail_since: Date | null;
  fallback_since: Date | null;
  fallback_begun_at: Date | null;
  fallback_back_at: Date | null;
}

/** The table `telegram_reach`, both ways: who leads after a crash goes on from here. */
@Injectable()
export class ReachRepository {
  async load(db: EntityManager): Promise<Reach> {
    const [row] = await db.query<Row[]>('select * from telegram_reach');
    return row === undefined ? REACHED : toReach(row);
  }

  /** Whether there are messages that are due, or were tried. */
  async isWaiting(db: EntityManager): Promise<boolean> {
    const [row] = await db.query<{ is_waiting: boolean }[]>(
      `select exists (select 1 from delivery
         where state = 'sending' or state = 'waiting' and (attempts > 0 or not_before <= now())) as is_waiting`,
    );
    return row?.is_waiting === true;
  }

  async save(db: EntityManager, { messagesFailSince, callsFailSince, fallback }: Reach): Promise<void> {
    await db.query(
      `insert into telegram_reach (messages_fail_since, calls_fail_since, fallback_since, fallback_begun_at,
         fallback_back_at) values ($1, $2, $3, $4, $5)
       on conflict (id) do update set messages_fail_since = $1, calls_fail_since = $2, fallback_since = $3,
         fallback_begun_at = $4, fallback_back_at = $5`,
      [
        ...[messagesFailSince, callsFailSince],
        ...[fallback?.since ?? null, fallback?.begunAt ?? null, fallback?.backAt ?? null],
      ],
    );
  }
}

function toReach(row: Row): Reach {
  const { fallback_since: since, fallback_begun_at: begunAt, fallback_back_at: backAt } = row;
  return {
    messagesFailSince: row.messages_fail_since,
    callsFailSince: row.calls_fail_since,
    fallback: since === null || begunAt === null ? null : { since, begunAt, backAt },
  };
}
