import { Injectable } from '@nestjs/common';
import { ServiceDatabase, storable, type Tx } from '@recert/bus';
import {
  patternsOf,
  type SubscriptionDeliveryState,
  type SubscriptionDeliveryView,
  type SubscriptionState,
} from '@recert/contracts';
import { type AfterSend } from './decide-after-send';

/** Sending takes at most 15 s; who holds a delivery longer than this has died. */
export const LEASE_MS = 60_000;
/** So many of a subscription are on their way at once. */
export const AT_ONCE = 5;

const LONGEST_ERROR = 1_000;

/** A message for one subscription or more. */
export interface NewDelivery {
  /** The event's. */
  readonly id: string;
  readonly subject: string;
  readonly at: Date;
  readonly body: string;
}

/** A delivery that this process sends now. */
export interface ClaimedDelivery {
  readonly subscriptionId: string;
  readonly eventId: string;
  readonly body: string;
  /** With this one. */
  readonly attempts: number;
  readonly url: string;
  readonly secret: string;
  readonly oldSecret: string | null;
  readonly oldSecretUntil: Date | null;
}

type Failed = Extract<AfterSend, { kind: 'failed' }>;

interface ViewRow {
  event_id: string;
  subject: string;
  state: SubscriptionDeliveryState;
  attempts: number;
  status: number | null;
  error: string | null;
  created_at: Date;
  not_before: Date;
  settled_at: Date | null;
}

/** The table `subscription_delivery`: its rows are the only way out. */
@Injectable()
export class DeliveryRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /** For each subscription that wants it and was there when it was said. @returns how many */
  async add(tx: Tx, { id, subject, at, body }: NewDelivery, now: Date): Promise<number> {
    const rows = await tx.db.query<unknown[]>(
      `with added as (
         insert into subscription_delivery (subscription_id, event_id, subject, body, created_at, not_before)
         select s.id, $1, $2, $3, $4, $4 from subscription s
         where s.state <> 'off' and exists (select 1 from subscription_subject w
           where w.subscription_id = s.id and w.pattern = any($5) and w.since <= $6)
         on conflict do nothing returning 1)
       select 1 from added`,
      [id, subject, body, now, patternsOf(subject), at],
    );
    return rows.length;
  }

  /** For this one alone. */
  async addTo(tx: Tx, subscriptionId: string, { id, subject, body }: NewDelivery, now: Date): Promise<void> {
    await tx.db.query(
      `insert into subscription_delivery (subscription_id, event_id, subject, body, created_at, not_before)
       values ($1, $2, $3, $4, $5, $5)`,
      [subscriptionId, id, subject, body, now],
    );
  }

  /** When something has to be looked at first, as far as there is room for it; null when there is nothing. */
  async nextAt(): Promise<Date | null> {
    const [row] = await this.database.query<{ at: Date | null }>(NEXT, [AT_ONCE]);
    return row?.at ?? null;
  }

  /** Leases what may be sent now. */
  async claim(now: Date): Promise<ClaimedDelivery[]> {
    return this.database.transaction(async ({ db }) => {
      const lanes = await db.query<{ id: string }[]>(LOCK_LANES, [now]);
      if (lanes.length === 0) return [];
      const until = new Date(now.getTime() + LEASE_MS);
      return db.query<ClaimedDelivery[]>(CLAIM, [now, AT_ONCE, until, lanes.map(({ id }) => id)]);
    });
  }

  /** Leases whose holder has died. @returns how many */
  async takeBack(now: Date): Promise<number> {
    const rows = await this.database.query<unknown>(
      `with back as (update subscription_delivery set state = 'waiting', lease_until = null
         where state = 'sending' and lease_until <= $1 returning 1) select 1 from back`,
      [now],
    );
    return rows.length;
  }

  /** It was not sent after all. */
  async giveBack({ subscriptionId, eventId }: ClaimedDelivery): Promise<void> {
    await this.database.query(
      `update subscription_delivery set state = 'waiting', lease_until = null, attempts = attempts - 1
       where subscription_id = $1 and event_id = $2 and state = 'sending'`,
      [subscriptionId, eventId],
    );
  }

  /** The subscription's row is taken first, as everywhere: whoever removes it takes its deliveries after it. */
  async markSent({ subscriptionId, eventId }: ClaimedDelivery, status: number, now: Date): Promise<void> {
    await this.database.query(
      `with owner as (
         update subscription set last_success_at = $4, failing_since = null, quiet_until = null where id = $1 returning id)
       update subscription_delivery d
       set state = 'sent', settled_at = $4, status = $3, error = null, lease_until = null from owner
       where d.subscription_id = owner.id and d.event_id = $2 and d.state = 'sending'`,
      [subscriptionId, eventId, status, now],
    );
  }

  async markFailed(tx: Tx, claimed: ClaimedDelivery, status: number | null, failed: Failed, now: Date): Promise<void> {
    const { nextAt } = failed;
    await tx.db.query(
      `update subscription_delivery set state = $3, not_before = coalesce($4, not_before), settled_at = $5, status = $6,
         error = $7, lease_until = null
       where subscription_id = $1 and event_id = $2 and state = 'sending'`,
      [
        ...[claimed.subscriptionId, claimed.eventId, nextAt === null ? 'failed' : 'waiting', nextAt],
        ...[nextAt === null ? now : null, status, storable(failed.error, LONGEST_ERROR)],
      ],
    );
  }

  /** What an attempt needs to know of its subscription, locked; null when it was removed meanwhile. */
  async lockOwner(tx: Tx, id: string): Promise<Owner | null> {
    const [row] = await tx.db.query<Owner[]>(
      `select name, url, state, failing_since as "failingSince", disabled_times as "disabledTimes" from subscription
       where id = $1 for no key update`,
      [id],
    );
    return row ?? null;
  }

  async noteFailure(tx: Tx, id: string, failed: Failed, now: Date): Promise<void> {
    const { failingSince, quietUntil, disables } = failed;
    await tx.db.query(
      `update subscription set last_error = $2, last_error_at = $3, failing_since = $4,
         quiet_until = greatest(quiet_until, $5) where id = $1`,
      [id, storable(failed.error, LONGEST_ERROR), now, failingSince, quietUntil],
    );
    if (!disables) return;
    await tx.db.query(
      `update subscription set state = 'disabled', disabled_at = $2, disabled_times = disabled_times + 1 where id = $1`,
      [id, now],
    );
  }

  /** @returns null when there is none, else what it was until now; one that is under way stays as it is */
  async sendAgain(
    tx: Tx,
    subscriptionId: string,
    eventId: string,
    now: Date,
  ): Promise<SubscriptionDeliveryState | null> {
    const [row] = await tx.db.query<{ state: SubscriptionDeliveryState }[]>(
      'select state from subscription_delivery where subscription_id = $1 and event_id = $2 for update',
      [subscriptionId, eventId],
    );
    if (row === undefined || row.state === 'sending') return row?.state ?? null;
    await tx.db.query(
      `update subscription_delivery set state = 'waiting', not_before = $3, attempts = 0, settled_at = null
       where subscription_id = $1 and event_id = $2`,
      [subscriptionId, eventId, now],
    );
    return row.state;
  }

  /** Newest first. @param before creation and event of the last one seen */
  async page(
    subscriptionId: string,
    state: SubscriptionDeliveryState | null,
    before: readonly [string, string] | null,
    limit: number,
  ): Promise<SubscriptionDeliveryView[]> {
    const rows = await this.database.query<ViewRow>(
      `select event_id, subject, state, attempts, status, error, created_at, not_before, settled_at
       from subscription_delivery where subscription_id = $1 and ($2::text is null or state = $2)
         and ($3::timestamptz is null or (created_at, event_id) < ($3, $4::uuid))
       order by created_at desc, event_id desc limit $5`,
      [subscriptionId, state, before?.[0] ?? null, before?.[1] ?? null, limit],
    );
    return rows.map(toView);
  }

  /** Gives up the oldest where too many wait, or for too long, and counts them. @returns how many */
  async drop(most: number, before: Date, limit: number): Promise<number> {
    const [row] = await this.database.query<{ n: number }>(DROP, [most, before, limit]);
    return row?.n ?? 0;
  }

  /** What is over since then. @returns how many rows were removed */
  async removeOld(before: Date, limit: number): Promise<number> {
    const rows = await this.database.query<unknown>(
      `with gone as (delete from subscription_delivery where ctid = any(array(select ctid from subscription_delivery
         where created_at < $1 and state in ('sent', 'failed') limit $2)) returning 1) select 1 from gone`,
      [before, limit],
    );
    return rows.length;
  }
}

/** Of a subscription, what is to be known when an attempt has failed. */
export interface Owner {
  readonly name: string;
  readonly url: string;
  readonly state: SubscriptionState;
  readonly failingSince: Date | null;
  readonly disabledTimes: number;
}

const IN_HAND = `(select count(*) from subscription_delivery d where d.subscription_id = s.id and d.state = 'sending')`;

const NEXT = `
  select least((select min(lease_until) from subscription_delivery where state = 'sending'), (
    select min(greatest(d.not_before, s.quiet_until)) from subscription s cross join lateral (
      select not_before from subscription_delivery where subscription_id = s.id and state = 'waiting'
      order by not_before limit 1) d
    where s.state = 'active' and ${IN_HAND} < $1)) as at`;

/**
 * Whoever claims for a subscription holds its row, so that two replicas do not send twice as many at once; those who add
 * deliveries to it are not kept waiting. A statement of its own: only a later one is sure to see what was claimed by
 * whoever held the row before.
 */
const LOCK_LANES = `
  select s.id from subscription s
  where s.state = 'active' and (s.quiet_until is null or s.quiet_until <= $1)
    and exists (select 1 from subscription_delivery d
      where d.subscription_id = s.id and d.state = 'waiting' and d.not_before <= $1)
  for no key update of s skip locked`;

const CLAIM = `
  with lane as (
    select s.id, s.url, s.secret, s.old_secret, s.old_secret_until, $2 - ${IN_HAND} as free from subscription s
    where s.id = any($4)),
  due as (
    select lane.*, d.event_id from lane cross join lateral (
      select event_id from subscription_delivery
      where subscription_id = lane.id and state = 'waiting' and not_before <= $1
      order by not_before, event_id limit greatest(lane.free, 0) for update skip locked) d),
  claimed as (
    update subscription_delivery d set state = 'sending', lease_until = $3, attempts = d.attempts + 1
    from due where d.subscription_id = due.id and d.event_id = due.event_id and d.state = 'waiting'
    returning d.subscription_id as "subscriptionId", d.event_id as "eventId", d.body, d.attempts, due.url, due.secret,
      due.old_secret as "oldSecret", due.old_secret_until as "oldSecretUntil")
  select * from claimed`;

const DROP = `
  with surplus as (
    select s.id, d.at from subscription s cross join lateral (
      (select ctid as at from subscription_delivery where subscription_id = s.id and state = 'waiting'
        order by created_at desc, event_id desc offset $1 limit $3)
      union
      (select ctid from subscription_delivery where subscription_id = s.id and state = 'waiting' and created_at < $2
        limit $3)) d),
  owners as materialized (
    select id from subscription where id in (select id from surplus) order by id for no key update),
  gone as (
    delete from subscription_delivery d using owners where d.subscription_id = owners.id and d.state = 'waiting'
      and d.ctid = any(array(select at from surplus))
    returning d.subscription_id),
  counted as (select subscription_id, count(*) as n from gone group by subscription_id),
  told as (
    update subscription s set dropped = s.dropped + counted.n from counted where s.id = counted.subscription_id)
  select coalesce(sum(n), 0)::int as n from counted`;

function toView(row: ViewRow): SubscriptionDeliveryView {
  const { subject, state, attempts, status, error } = row;
  return {
    id: row.event_id,
    ...{ subject, state, attempts, status, error },
    createdAt: row.created_at.toISOString(),
    nextAttemptAt: state === 'waiting' ? row.not_before.toISOString() : null,
    settledAt: row.settled_at?.toISOString() ?? null,
  };
}
