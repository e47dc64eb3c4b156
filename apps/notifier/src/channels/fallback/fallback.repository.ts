import { Injectable } from '@nestjs/common';
import { type FallbackMessageView } from '@recert/contracts';
import { type EntityManager } from 'typeorm';
import { type ClaimedFallback, type FallbackKind, type FallbackMessage, type Way } from './fallback-delivery';
import { type Told, type WaitingNews } from './plan-news';

/** Longer than any way takes: who holds a message longer than this has died. */
const LEASE_MS = 60_000;

/** A message to be sent. */
export interface NewFallback {
  readonly way: Way;
  readonly kind: FallbackKind;
  /** Since when Telegram is away, for what is news of that. */
  readonly outage: Date | null;
  readonly message: FallbackMessage;
  /** What it tells of. */
  readonly news: readonly WaitingNews[];
  readonly at: Date;
}

interface ClaimedRow {
  id: string;
  way: Way;
  kind: FallbackKind;
  urgency: ClaimedFallback['urgency'];
  title: string;
  text: string;
  created_at: Date;
  attempts: number;
}

interface ToldRow {
  last_at: Date | null;
  is_sending: boolean;
  is_first: boolean;
  headlines: Record<string, string> | null;
}

/** The tables `fallback_delivery` and `fallback_told`: a row for each message on each way. */
@Injectable()
export class FallbackRepository {
  /** @returns id of the row */
  async send(db: EntityManager, { way, kind, outage, message, news, at }: NewFallback): Promise<number> {
    const [row] = await db.query<{ id: string }[]>(
      `with made as (
         insert into fallback_delivery (way, kind, outage, urgency, title, text, not_before, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7) returning id),
       told as (
         insert into fallback_told (delivery_id, thread, headline)
         select made.id, n.thread, n.headline from made, jsonb_to_recordset($8::jsonb) as n(thread text, headline text))
       select id from made`,
      [way, kind, outage, message.urgency, message.title, message.text, at, JSON.stringify(news)],
    );
    return Number(row!.id);
  }

  /** What was said on a way since Telegram went away. What could not be sent was not said. */
  async told(db: EntityManager, way: Way, outage: Date): Promise<Told & { readonly isFirst: boolean }> {
    const [row] = await db.query<ToldRow[]>(TOLD, [way, outage]);
    return {
      headlines: new Map(Object.entries(row?.headlines ?? {})),
      lastAt: row?.last_at ?? null,
      isSending: row?.is_sending === true,
      isFirst: row?.is_first !== false,
    };
  }

  /** Takes back what was not sent. @returns whether something was, so that its end has to be said */
  async endOutage(db: EntityManager, way: Way, outage: Date): Promise<boolean> {
    const [row] = await db.query<{ was_said: boolean }[]>(
      `with unsaid as (
         update fallback_delivery set state = 'withdrawn' where way = $1 and outage = $2 and state = 'waiting')
       select exists (select 1 from fallback_delivery
         where way = $1 and outage = $2 and state in ('sending', 'sent')) as was_said`,
      [way, outage],
    );
    return row?.was_said === true;
  }

  /** Leases the first message of a way, which the others wait for; null where none may be sent now. */
  async claim(db: EntityManager, way: Way, now: Date): Promise<ClaimedFallback | null> {
    const [row] = await db.query<ClaimedRow[]>(
      `with claimed as (
         update fallback_delivery set state = 'sending', lease_until = $3, attempts = attempts + 1
         where id = (select d.id from fallback_delivery d
           where d.id = (select min(id) from fallback_delivery where way = $1 and state in ('waiting', 'sending'))
             and (d.state = 'waiting' and d.not_before <= $2 or d.state = 'sending' and d.lease_until <= $2)
           for update skip locked)
         returning *)
       select id, way, kind, urgency, title, text, created_at, attempts from claimed`,
      [way, now, new Date(now.getTime() + LEASE_MS)],
    );
    if (row === undefined) return null;
    const { id, created_at: createdAt, ...rest } = row;
    return { ...rest, id: Number(id), createdAt };
  }

  async markSent(db: EntityManager, id: number, at: Date): Promise<void> {
    await db.query(
      `update fallback_delivery set state = 'sent', sent_at = $2, lease_until = null, error = null
       where id = $1 and state = 'sending'`,
      [id, at],
    );
  }

  /** It will be tried again. */
  async putOff(db: EntityManager, id: number, until: Date, error: string): Promise<void> {
    await db.query(
      `update fallback_delivery set state = 'waiting', lease_until = null, not_before = $2, error = $3
       where id = $1 and state = 'sending'`,
      [id, until, error],
    );
  }

  async markFailed(db: EntityManager, id: number, error: string): Promise<void> {
    await db.query(
      `update fallback_delivery set state = 'failed', lease_until = null, error = $2
       where id = $1 and state = 'sending'`,
      [id, error],
    );
  }

  /** When the next message may be sent; null where none waits. */
  async nextAt(db: EntityManager, ways: readonly Way[]): Promise<Date | null> {
    const [row] = await db.query<{ next_at: Date | null }[]>(
      `select min(case state when 'waiting' then not_before else lease_until end) as next_at from fallback_delivery
       where id in (select min(id) from fallback_delivery where state in ('waiting', 'sending') and way = any($1)
         group by way)`,
      [ways],
    );
    return row?.next_at ?? null;
  }

  /** The newest first. */
  async recent(db: EntityManager, limit: number): Promise<FallbackMessageView[]> {
    const rows = await db.query<(Omit<FallbackMessageView, 'createdAt' | 'sentAt'> & ViewDates)[]>(
      `select id::int, way, kind, state, attempts, error, created_at, sent_at from fallback_delivery
       order by id desc limit $1`,
      [limit],
    );
    return rows.map(({ created_at, sent_at, ...rest }) => ({
      ...rest,
      createdAt: created_at.toISOString(),
      sentAt: sent_at?.toISOString() ?? null,
    }));
  }

  /** What was said over a year ago. */
  async clean(db: EntityManager): Promise<void> {
    await db.query(`delete from fallback_delivery where created_at < now() - interval '400 days'`);
  }
}

interface ViewDates {
  created_at: Date;
  sent_at: Date | null;
}

const TOLD = `
  with said as (select id, state, created_at from fallback_delivery where way = $1 and outage = $2),
  latest as (
    select distinct on (t.thread) t.thread, t.headline from fallback_told t join said on said.id = t.delivery_id
    where said.state <> 'failed' order by t.thread, t.delivery_id desc)
  select (select max(created_at) from said) as last_at,
    exists (select 1 from said where state in ('waiting', 'sending')) as is_sending,
    not exists (select 1 from said where state <> 'failed') as is_first,
    (select jsonb_object_agg(thread, headline) from latest) as headlines`;
