import { Injectable } from '@nestjs/common';
import {
  firstEventIdAt,
  ServiceDatabase,
  storable,
  timeOfEventId,
  type Tx,
  within,
  type WriteConnection,
  type WrittenValue,
} from '@recert/bus';
import { type StepState } from '@recert/contracts';
import { type EntityManager } from 'typeorm';
import { type Received } from './hook';

const LONGEST_ERROR = 4_000;

/** What a door has taken in and not yet written. */
export interface NewIntake extends Received {
  /** Fingerprint of what is taken once for ever; null where only the sender's last one counts. */
  readonly repeatKey: string | null;
  /** Fingerprint of the body where only the sender's last one counts; null elsewhere. */
  readonly digest: string | null;
}

/** How far a request has come. */
export interface IntakeState {
  readonly id: string;
  readonly hook: string;
  readonly attempts: number;
  readonly at: Date;
  readonly error: string | null;
  readonly state: StepState;
}

interface Row {
  id: string;
  hook: string;
  target: string | null;
  sender: string;
  product_id: string | null;
  headers: Record<string, string>;
  body: Buffer;
  attempts: number;
}

const WRITTEN = 'id, hook, target, sender, product_id, repeat_key, digest, headers';
/** A repeat, or the very row: after a connection broke it may be here, or not. */
const ONCE = 'on conflict do nothing';

/** Whoever comes alone waits for this one: it takes a fifth less time than the same with a list. */
const KEEP_ONE = {
  name: 'keep one',
  text: `insert into intake (${WRITTEN}, body) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) ${ONCE}`,
};

/** The bodies are sent as one, in binary: in the list they would be written as text twice as long, and read again. */
const KEEP_MANY = {
  name: 'keep many',
  text: `insert into intake (${WRITTEN}, body) select ${WRITTEN}, substring($2::bytea from at for size)
    from json_to_recordset($1) as t(id uuid, hook text, target text, sender text, product_id text, repeat_key uuid,
      digest uuid, headers json, at int, size int) ${ONCE}`,
};

const PROGRESS = 'id, hook, attempts, received_at, handled_at, outcome, error';
const COLUMNS = 'id, hook, target, sender, product_id, headers, body, attempts';

/** The table `intake`. */
@Injectable()
export class IntakeRepository {
  /** Whoever accepts waits for nobody who works. */
  private readonly writing: WriteConnection;

  constructor(private readonly database: ServiceDatabase) {
    this.writing = database.openWriteConnection();
  }

  /**
   * Writes all of them in one statement, which is its own transaction. What is written again is here once.
   * @param atMostMs after which the database counts as away
   * @returns those that are here under their own id; the others are repeats of something
   */
  async keep(group: readonly NewIntake[], atMostMs: number | null = null): Promise<readonly NewIntake[]> {
    const [only, ...others] = group;
    const written =
      only !== undefined && others.length === 0
        ? await this.writing.write(KEEP_ONE, valuesOf(only), atMostMs)
        : await this.writing.write(KEEP_MANY, listOf(group), atMostMs);
    if (written === group.length) return group;
    const reading = this.database.query<{ id: string }>('select id from intake where id = any($1)', [
      group.map(({ id }) => id),
    ]);
    const here = await (atMostMs === null ? reading : within(atMostMs, reading));
    const ids = new Set(here.map(({ id }) => id));
    return group.filter(({ id }) => ids.has(id));
  }

  /** Nothing can be kept after this. */
  async close(): Promise<void> {
    await this.writing.close();
  }

  /** The id under which it was taken before. */
  async idOf(hook: string, repeatKey: string): Promise<string | null> {
    const [row] = await this.database.query<{ id: string }>(
      'select id from intake where repeat_key = $2 and hook = $1',
      [hook, repeatKey],
    );
    return row?.id ?? null;
  }

  /** The last one of a sender at a hook. */
  async latest(
    sender: string,
    hook: string,
    target: string | null,
  ): Promise<{ id: string; digest: string; receivedAt: Date } | null> {
    const [row] = await this.database.query<{ id: string; digest: string; receivedAt: Date }>(
      `select id, replace(digest::text, '-', '') as digest, received_at as "receivedAt" from intake where sender = $1 and hook = $2 and target is not distinct from $3
         and repeat_key is null order by id desc limit 1`,
      [sender, hook, target],
    );
    return row ?? null;
  }

  /** What is to be handled, oldest first. */
  async open(hooks: readonly string[], limit: number): Promise<Received[]> {
    const rows = await this.database.query<Row>(
      `select ${COLUMNS} from intake where handled_at is null and not_before <= now() and hook = any($1)
       order by id limit $2`,
      [hooks, limit],
    );
    return rows.map(toReceived);
  }

  /** What became of the newest ones since then and of the oldest open ones; not of what nobody has tried yet. */
  async since(since: Date, limit: number): Promise<IntakeState[]> {
    return this.database.query<IntakeState>(
      `select id, hook, attempts, coalesce(handled_at, received_at) as at, error,
         case when handled_at is null then 'retrying' when outcome = 'done' then 'done' else 'failed' end as state
       from (
         (select ${PROGRESS} from intake where id >= $1::uuid order by id desc limit $2) union all
         (select ${PROGRESS} from intake where handled_at is null and id < $1::uuid order by id limit $2)) as i
       where attempts > 0`,
      [firstEventIdAt(since), limit],
    );
  }

  async find(id: string): Promise<Received | null> {
    const [row] = await this.database.query<Row>(`select ${COLUMNS} from intake where id = $1`, [id]);
    return row === undefined ? null : toReceived(row);
  }

  /** Takes it, unless it was handled already or somebody else has it: the mark stands or falls with the effects. */
  async take(db: EntityManager, id: string): Promise<boolean> {
    const rows = await db.query<unknown[]>(
      `with open as (select id from intake where id = $1 and handled_at is null for update skip locked),
       taken as (
         update intake i set handled_at = now(), outcome = 'done', error = null, attempts = attempts + 1 from open
         where i.id = open.id returning 1)
       select 1 from taken`,
      [id],
    );
    return rows.length > 0;
  }

  /** Whether nobody has handled it yet, as far as is committed. */
  async isOpen(db: EntityManager, id: string): Promise<boolean> {
    const rows = await db.query<unknown[]>('select 1 from intake where id = $1 and handled_at is null', [id]);
    return rows.length > 0;
  }

  /** A dead letter that was replayed with success. */
  async markDone(tx: Tx, id: string): Promise<void> {
    await tx.db.query(`update intake set handled_at = now(), outcome = 'done', error = null where id = $1`, [id]);
  }

  /** @returns how often it has failed, with this time */
  async noteFailure(id: string, error: string, delayMs: number): Promise<number> {
    const [row] = await this.database.query<{ attempts: number }>(
      `with noted as (update intake set attempts = attempts + 1, error = $2,
           not_before = now() + make_interval(secs => $3) where id = $1 and handled_at is null returning attempts)
       select attempts from noted`,
      [id, storable(error, LONGEST_ERROR), delayMs / 1000],
    );
    return row?.attempts ?? 0;
  }

  async markDead(id: string, reason: string): Promise<void> {
    await this.database.query(
      `update intake set handled_at = now(), outcome = 'dead letter', error = $2, attempts = attempts + 1
       where id = $1 and handled_at is null`,
      [id, storable(reason, LONGEST_ERROR)],
    );
  }

  /** In a small batch. @returns how many were removed */
  async removeOld(days: number, limit: number): Promise<number> {
    const rows = await this.database.query<unknown>(
      `with gone as (delete from intake where id in (
           select id from intake where received_at < now() - make_interval(days => $1) and handled_at is not null
           order by id limit $2) returning 1)
       select 1 from gone`,
      [days, limit],
    );
    return rows.length;
  }
}

function toReceived({ product_id: productId, ...same }: Row): Received {
  return { ...same, productId, receivedAt: timeOfEventId(same.id), attempts: same.attempts + 1 };
}

function valuesOf(row: NewIntake): WrittenValue[] {
  const { id, hook, target, sender, productId, repeatKey, digest, headers, body } = row;
  return [id, hook, target, sender, productId, repeatKey, digest, JSON.stringify(headers), body];
}

/** A list of all, with where each body begins (from 1) and how long it is; and all bodies. */
function listOf(group: readonly NewIntake[]): WrittenValue[] {
  let end = 1;
  const rows = group.map(({ id, hook, target, sender, productId, repeatKey, digest, headers, body: { length } }) => {
    const written = { id, hook, target, sender, product_id: productId, repeat_key: repeatKey, digest, headers };
    return { ...written, at: (end += length) - length, size: length };
  });
  return [JSON.stringify(rows), Buffer.concat(group.map(({ body }) => body))];
}
