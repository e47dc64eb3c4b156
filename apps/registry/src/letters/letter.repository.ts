import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type DeadLetterView, type LetterKept, type LetterQuery, type LetterSettled } from '@recert/contracts';

interface Row {
  readonly id: string;
  readonly service: string;
  readonly consumer: string;
  readonly subject: string;
  readonly event_id: string;
  readonly run_id: string | null;
  readonly reason: string;
  readonly deliveries: number;
  readonly at: Date;
  readonly payload: string;
  readonly is_whole: boolean;
  readonly settled_at: Date | null;
  readonly replayed_at: Date | null;
}

/** After which letter the next page begins: whether that is replayed, when it was kept, and its id. */
export interface LetterPlace {
  readonly isReplayed: boolean;
  readonly at: Date;
  readonly id: string;
}

/** What became of a letter, as far as its service has said. */
export interface Fate {
  readonly service: string;
  readonly settledAt: Date | null;
  readonly replayedAt: Date | null;
  readonly reason: string;
}

type Filter = Pick<LetterQuery, 'service' | 'consumer' | 'subject'>;

/** The table `letter`: the dead letters of all services. */
@Injectable()
export class LetterRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /** The later word holds: what was replayed since is not opened by the news that it was kept. */
  async keep(tx: Tx, kept: LetterKept): Promise<void> {
    const { letterId, service, consumer, subject, eventId, runId, reason, deliveries, at, payload, isWhole } = kept;
    await tx.db.query(
      `insert into letter (id, service, consumer, subject, event_id, run_id, reason, deliveries, at, payload, is_whole)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (id) do update set reason = excluded.reason, deliveries = excluded.deliveries, at = excluded.at,
         replayed_at = case when letter.replayed_at > excluded.at then letter.replayed_at end
       where letter.at <= excluded.at`,
      [letterId, service, consumer, subject, eventId, runId, reason, deliveries, at, payload, isWhole],
    );
  }

  /** @returns false when nobody has told of such a letter yet */
  async settle(tx: Tx, { letterId, reason, at }: LetterSettled): Promise<boolean> {
    const rows = await tx.db.query<unknown[]>(
      `with settled as (update letter set settled_at = greatest(settled_at, $2),
           reason = coalesce($3, reason),
           replayed_at = case when $3::text is null then $2 else replayed_at end
         where id = $1 returning 1)
       select 1 from settled`,
      [letterId, at, reason],
    );
    return rows.length > 0;
  }

  async fateOf(id: string): Promise<Fate | null> {
    const [row] = await this.database.query<Row>('select * from letter where id = $1', [id]);
    if (row === undefined) return null;
    return { service: row.service, settledAt: row.settled_at, replayedAt: row.replayed_at, reason: row.reason };
  }

  /** Of these ids, which service has each. */
  async servicesOf(ids: readonly string[]): Promise<{ id: string; service: string }[]> {
    return this.database.query('select id, service from letter where id = any($1::uuid[]) order by at, id', [ids]);
  }

  /** The oldest open ones. */
  async open({ service, consumer, subject }: Filter, limit: number): Promise<{ id: string; service: string }[]> {
    return this.database.query(
      `select id, service from letter where replayed_at is null and ($1::text is null or service = $1)
         and ($2::text is null or consumer = $2) and ($3::text is null or subject = $3)
       order by at, id limit $4`,
      [service ?? null, consumer ?? null, subject ?? null, limit],
    );
  }

  /** Open ones first, newest first. */
  async page(query: LetterQuery, after: LetterPlace | null, limit: number): Promise<DeadLetterView[]> {
    const { service, consumer, subject, state } = query;
    const rows = await this.database.query<Row>(
      `select * from letter where ($1::text is null or service = $1) and ($2::text is null or consumer = $2)
         and ($3::text is null or subject = $3) and ($4::bool is null or (replayed_at is not null) = $4)
         and ($5::bool is null or (replayed_at is not null) > $5 or (replayed_at is not null) = $5 and (at, id) < ($6, $7))
       order by replayed_at is not null, at desc, id desc limit $8`,
      [
        ...[service ?? null, consumer ?? null, subject ?? null, state === undefined ? null : state === 'replayed'],
        ...[after?.isReplayed ?? null, after?.at ?? null, after?.id ?? null, limit],
      ],
    );
    return rows.map(toView);
  }
}

function toView(row: Row): DeadLetterView {
  const { id, service, consumer, subject, reason, deliveries, payload } = row;
  return {
    ...{ id, service, consumer, subject, eventId: row.event_id, runId: row.run_id, reason, deliveries },
    at: row.at.toISOString(),
    replayedAt: row.replayed_at?.toISOString() ?? null,
    payload,
    isWhole: row.is_whole,
  };
}
