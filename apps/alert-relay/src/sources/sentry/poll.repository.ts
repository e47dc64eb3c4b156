import { Injectable } from '@nestjs/common';
import { lockKey, ServiceDatabase, type Tx } from '@recert/bus';

const POLL_LOCK = lockKey('alert-relay.sentry-poll');

export interface PollState {
  /** Until when Sentry was asked; null when it never was. */
  readonly askedUntil: Date | null;
  readonly nextAt: Date;
}

/** The table `sentry_poll`, and the lock by which one replica at a time asks. */
@Injectable()
export class PollRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /** @returns what `work` returned; null while another replica is at it */
  async alone<T>(work: () => Promise<T>): Promise<T | null> {
    const runner = this.database.dataSource.createQueryRunner();
    try {
      const [row] = (await runner.query('select pg_try_advisory_lock($1) as locked', [POLL_LOCK])) as {
        locked: boolean;
      }[];
      if (row?.locked !== true) return null;
      try {
        return await work();
      } finally {
        await runner.query('select pg_advisory_unlock($1)', [POLL_LOCK]);
      }
    } finally {
      await runner.release();
    }
  }

  async read(): Promise<PollState | null> {
    const [row] = await this.database.query<{ asked_until: Date | null; next_at: Date }>(
      'select asked_until, next_at from sentry_poll',
    );
    return row === undefined ? null : { askedUntil: row.asked_until, nextAt: row.next_at };
  }

  /** With the signs of a poll, so that what it found is neither lost nor asked for again. */
  async finish(tx: Tx, { askedUntil, nextAt }: PollState): Promise<void> {
    await tx.db.query(
      `insert into sentry_poll (asked_until, next_at) values ($1, $2)
       on conflict (one) do update set asked_until = $1, next_at = $2`,
      [askedUntil, nextAt],
    );
  }

  /** Nobody asks before that, whichever replica. */
  async putOff(nextAt: Date): Promise<void> {
    await this.database.query(
      'insert into sentry_poll (next_at) values ($1) on conflict (one) do update set next_at = $1',
      [nextAt],
    );
  }
}
