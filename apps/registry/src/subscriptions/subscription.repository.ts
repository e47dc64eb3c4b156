import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type SubscriptionState } from '@recert/contracts';
import { type EntityManager } from 'typeorm';
import { OLD_SECRET_MS, type Subscription } from './subscription';

/** What is written of a new one. */
export type NewSubscription = Pick<Subscription, 'id' | 'name' | 'url' | 'subjects' | 'createdAt'> & {
  readonly secret: string;
};

interface Row {
  id: string;
  name: string;
  url: string;
  subjects: string[];
  state: SubscriptionState;
  created_at: Date;
  last_success_at: Date | null;
  last_error: string | null;
  last_error_at: Date | null;
  failing_since: Date | null;
  disabled_at: Date | null;
  old_secret_until: Date | null;
  waiting: number;
  dropped: string;
}

const SELECT = `
  select s.*, array(select pattern from subscription_subject w where w.subscription_id = s.id order by pattern) as subjects,
    (select count(*) from subscription_delivery d where d.subscription_id = s.id and d.state in ('waiting', 'sending'))::int
      as waiting
  from subscription s`;

/** The tables `subscription` and `subscription_subject`. */
@Injectable()
export class SubscriptionRepository {
  constructor(private readonly database: ServiceDatabase) {}

  async add(tx: Tx, { id, name, url, subjects, secret, createdAt }: NewSubscription): Promise<void> {
    await tx.db.query('insert into subscription (id, name, url, secret, created_at) values ($1, $2, $3, $4, $5)', [
      ...[id, name, url, secret, createdAt],
    ]);
    await this.want(tx, id, subjects, createdAt);
  }

  /** From now on it wants these and no others; what it wanted already it goes on to want. */
  async want(tx: Tx, id: string, patterns: readonly string[], now: Date): Promise<void> {
    await tx.db.query('delete from subscription_subject where subscription_id = $1 and pattern <> all ($2)', [
      ...[id, patterns],
    ]);
    await tx.db.query(
      `insert into subscription_subject (subscription_id, pattern, since)
       select $1, unnest($2::text[]), $3 on conflict do nothing`,
      [id, patterns, now],
    );
  }

  async count(tx: Tx): Promise<number> {
    const [row] = await tx.db.query<{ n: number }[]>('select count(*)::int as n from subscription');
    return row!.n;
  }

  /** Oldest first. */
  async all(): Promise<Subscription[]> {
    const rows = await this.database.query<Row>(`${SELECT} order by s.created_at, s.id`);
    return rows.map(toSubscription);
  }

  async find(id: string): Promise<Subscription | null> {
    const [row] = await this.database.query<Row>(`${SELECT} where s.id = $1`, [id]);
    return row === undefined ? null : toSubscription(row);
  }

  async lock(tx: Tx, id: string): Promise<Subscription | null> {
    const [row] = await tx.db.query<Row[]>(`${SELECT} where s.id = $1 for no key update of s`, [id]);
    return row === undefined ? null : toSubscription(row);
  }

  async rename(tx: Tx, { id, name, url }: Pick<Subscription, 'id' | 'name' | 'url'>): Promise<void> {
    await tx.db.query('update subscription set name = $2, url = $3 where id = $1', [id, name, url]);
  }

  /** Nothing more is sent or gathered. */
  async switchOff(tx: Tx, id: string): Promise<void> {
    await tx.db.query(`update subscription set state = 'off', disabled_at = null where id = $1`, [id]);
  }

  /** One that was off gathered nothing: it hears of what is said from now on. */
  async switchOn(tx: Tx, { id, state }: Pick<Subscription, 'id' | 'state'>, now: Date): Promise<void> {
    await tx.db.query(
      `update subscription set state = 'active', failing_since = null, quiet_until = null, disabled_at = null where id = $1`,
      [id],
    );
    if (state === 'off')
      await tx.db.query('update subscription_subject set since = $2 where subscription_id = $1', [id, now]);
  }

  /** Everything that waits goes now, and what was given up since then goes again. */
  async sendNow(tx: Tx, id: string, failingSince: Date | null, now: Date): Promise<void> {
    await tx.db.query(
      `update subscription_delivery set state = 'waiting', not_before = $2, attempts = 0, settled_at = null
       where subscription_id = $1 and (state = 'waiting' or state = 'failed' and settled_at >= $3)`,
      [id, now, failingSince],
    );
  }

  /** The present secret goes on to sign for a while beside the new one. */
  async changeSecret(tx: Tx, id: string, secret: string, now: Date): Promise<void> {
    const until = new Date(now.getTime() + OLD_SECRET_MS);
    await tx.db.query('update subscription set old_secret = secret, old_secret_until = $3, secret = $2 where id = $1', [
      id,
      secret,
      until,
    ]);
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.db.query('delete from subscription where id = $1', [id]);
  }

  /** Everything that somebody wants, as it was named. */
  async wantedPatterns(db: EntityManager): Promise<string[]> {
    const rows = await db.query<{ pattern: string }[]>(
      `select distinct w.pattern from subscription_subject w join subscription s on s.id = w.subscription_id
       where s.state <> 'off' order by w.pattern`,
    );
    return rows.map((row) => row.pattern);
  }
}

function toSubscription(row: Row): Subscription {
  const { id, name, url, subjects, state, waiting } = row;
  return {
    ...{ id, name, url, subjects, state, waiting },
    createdAt: row.created_at,
    lastSuccessAt: row.last_success_at,
    lastError: row.last_error === null ? null : { at: row.last_error_at!, error: row.last_error },
    failingSince: row.failing_since,
    disabledAt: row.disabled_at,
    dropped: Number(row.dropped),
    oldSecretUntil: row.old_secret_until,
  };
}
