import { Injectable } from '@nestjs/common';
import { ServiceDatabase, storable, type Tx } from '@recert/bus';
import { type EntityManager } from 'typeorm';
import { type Received } from './hook';

const LONGEST_ERROR = 4_000;

/** What a door has taken in and not yet written. */
export interface NewIntake extends Omit<Received, 'receivedAt' | 'attempts'> {
  /** Fingerprint of what is taken once for ever; null where only the sender's last one counts. */
  readonly repeatKey: string | null;
  /** Fingerprint of the body where only the sender's last one counts; null elsewhere. */
  readonly digest: string | null;
}

interface Row {
  id: string;
  hook: string;
  target: string | null;
  sender: string;
  product_id: string | null;
  headers: Record<string, string>;
  body: Buffer;
  received_at: Date;
  attempts: number;
}

/** The bodies are sent as one, in binary: as a list they would be written as text twice as long, and read again. */
const KEEP = `
  insert into intake (id, hook, target, sender, product_id, repeat_key, digest, headers, body)
  select id, hook, target, sender, product_id, repeat_key, digest, headers, substring($11::bytea from at for size)
  from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::json[],
      $9::int[], $10::int[])
    as t(id, hook, target, sender, product_id, repeat_key, digest, headers, at, size)
  on conflict (repeat_key) where repeat_key is not null do nothing returning id, received_at`;

const COLUMNS = 'id, hook, target, sender, product_id, headers, body, received_at, attempts';

/** The table `intake`. */
@Injectable()
export class IntakeRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /**
   * Writes all of them in one statement, which is its own transaction.
   * @returns when each was received, by its id; those that are not in it were here already
   */
  async keep(group: readonly NewIntake[]): Promise<Map<string, Date>> {
    const sizes = group.map((each) => each.body.length);
    let end = 1;
    const rows = await this.database.quickQuery<{ id: string; received_at: Date }>('keep intake', KEEP, [
      group.map((each) => each.id),
      group.map((each) => each.hook),
      group.map((each) => each.target),
      group.map((each) => each.sender),
      group.map((each) => each.productId),
      group.map((each) => each.repeatKey),
      group.map((each) => each.digest),
      group.map((each) => JSON.stringify(each.headers)),
      sizes.map((size) => (end += size) - size),
      sizes,
      group.length === 1 ? group[0]!.body : Buffer.concat(group.map((each) => each.body)),
    ]);
    return new Map(rows.map((row) => [row.id, row.received_at]));
  }

  /** The id under which it was taken before. */
  async idOf(repeatKey: string): Promise<string | null> {
    const [row] = await this.database.query<{ id: string }>('select id from intake where repeat_key = $1', [repeatKey]);
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

  /** What is to be handled and not in hand, oldest first. @param inHand ids */
  async open(hooks: readonly string[], inHand: readonly string[], limit: number): Promise<Received[]> {
    const rows = await this.database.query<Row>(
      `select ${COLUMNS} from intake where handled_at is null and not_before <= now() and hook = any($1)
         and id <> all($2::uuid[]) order by id limit $3`,
      [hooks, inHand, limit],
    );
    return rows.map(toReceived);
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

function toReceived({ product_id: productId, received_at: receivedAt, ...same }: Row): Received {
  return { ...same, productId, receivedAt, attempts: same.attempts + 1 };
}
