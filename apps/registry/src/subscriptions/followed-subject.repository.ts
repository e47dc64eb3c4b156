import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type EntityManager } from 'typeorm';

/** A subject of which the bus keeps events for subscriptions. */
export interface FollowedSubject {
  readonly subject: string;
  readonly unwantedSince: Date | null;
}

/** The tables `followed_subject` and `outside_subject`. */
@Injectable()
export class FollowedSubjectRepository {
  constructor(private readonly database: ServiceDatabase) {}

  async all(): Promise<FollowedSubject[]> {
    const rows = await this.database.query<{ subject: string; unwanted_since: Date | null }>(
      'select subject, unwanted_since from followed_subject order by subject',
    );
    return rows.map((row) => ({ subject: row.subject, unwantedSince: row.unwanted_since }));
  }

  /** They are wanted: whoever is about to forget one is waited for, or passes it over. */
  async want(db: EntityManager, subjects: readonly string[]): Promise<void> {
    await db.query(
      `insert into followed_subject (subject) select subject from unnest($1::text[]) as t(subject) order by subject
       on conflict (subject) do update set unwanted_since = null where followed_subject.unwanted_since is not null`,
      [subjects],
    );
  }

  async noteUnwanted(subjects: readonly string[], now: Date): Promise<void> {
    await this.database.query(
      'update followed_subject set unwanted_since = $2 where subject = any($1) and unwanted_since is null',
      [subjects, now],
    );
  }

  /** @returns false when it is wanted again, or was not wanted only after that */
  async remove(tx: Tx, subject: string, unwantedBefore: Date): Promise<boolean> {
    const rows = await tx.db.query<unknown[]>(
      `with gone as (delete from followed_subject where subject = $1 and unwanted_since <= $2 returning 1)
       select 1 from gone`,
      [subject, unwantedBefore],
    );
    return rows.length > 0;
  }

  /** What outside systems have used so far. */
  async outside(db: EntityManager): Promise<string[]> {
    const rows = await db.query<{ subject: string }[]>('select subject from outside_subject order by subject');
    return rows.map((row) => row.subject);
  }

  /** @returns whether it was never used before */
  async noteOutside(tx: Tx, subject: string, now: Date): Promise<boolean> {
    const rows = await tx.db.query<unknown[]>(
      `with added as (insert into outside_subject values ($1, $2) on conflict do nothing returning 1)
       select 1 from added`,
      [subject, now],
    );
    return rows.length > 0;
  }
}
