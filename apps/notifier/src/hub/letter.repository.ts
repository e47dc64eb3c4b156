import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type LetterKept, type LetterSettled } from '@recert/contracts';
import { type EntityManager } from 'typeorm';

/** The dead letters of one consumer that are told of in one message. */
export interface LetterGroup {
  readonly id: string;
  readonly service: string;
  readonly consumer: string;
  /** What its button carries. */
  readonly nonce: string;
  readonly isOver: boolean;
  /** Name of whoever pressed the button last. */
  readonly wantedBy: string | null;
  readonly total: number;
  readonly open: number;
  /** Why the one that was kept last could not be handled. */
  readonly reason: string;
}

/** Who pressed the button of which group. */
export interface PressedReplay {
  readonly group: LetterGroup;
  /** Null when the account is nobody's. */
  readonly presser: { readonly handle: string; readonly isActive: boolean; readonly isAdmin: boolean } | null;
}

interface GroupRow {
  readonly id: string;
  readonly service: string;
  readonly consumer: string;
  readonly nonce: string;
  readonly is_over: boolean;
  readonly wanted_by: string | null;
  readonly total: number;
  readonly open: number;
  readonly reason: string | null;
}

interface LetterRow {
  readonly group_id: string | null;
  readonly settled_at: Date | null;
}

/** The tables `letter` and `letter_group`. */
@Injectable()
export class LetterRepository {
  /** @returns the group whose message has to say so; null when it was handled since, or something later is known */
  async keep(db: EntityManager, kept: LetterKept): Promise<LetterGroup | null> {
    const { letterId, reason, at } = kept;
    const known = await this.lock(db, letterId);
    if (known?.settled_at && known.settled_at.getTime() >= Date.parse(at)) return null;
    const groupId = await this.openGroup(db, kept);
    await db.query(
      `insert into letter (id, group_id, reason, is_open, kept_at) values ($1, $2, $3, true, $4)
       on conflict (id) do update set group_id = $2, reason = $3, is_open = true, kept_at = $4, at = now()
       where letter.kept_at is null or letter.kept_at <= $4`,
      [letterId, groupId, reason, at],
    );
    return this.group(db, groupId);
  }

  /** @returns the group whose message has to say so; null where nobody was told of the letter */
  async settle(db: EntityManager, { letterId, reason, at }: LetterSettled): Promise<LetterGroup | null> {
    const groupId = (await this.lock(db, letterId))?.group_id ?? null;
    if (reason !== null) return groupId === null ? null : this.group(db, groupId);
    await db.query(
      `insert into letter (id, reason, is_open, settled_at) values ($1, '', false, $2)
       on conflict (id) do update set settled_at = $2, is_open = coalesce(letter.kept_at > $2, false), at = now()`,
      [letterId, at],
    );
    return groupId === null ? null : this.closed(db, groupId);
  }

  /** Ids of the open letters of a group, the oldest first. */
  async openOnes(db: EntityManager, groupId: string, limit: number): Promise<string[]> {
    const rows = await db.query<{ id: string }[]>(
      'select id from letter where group_id = $1 and is_open order by kept_at, id limit $2',
      [groupId, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** The group under whose message a button was pressed, locked; null when there is no such button. */
  async pressed(db: EntityManager, nonce: string, userId: number): Promise<PressedReplay | null> {
    const [row] = await db.query<{ id: string }[]>('select id from letter_group where nonce = $1 for update', [nonce]);
    if (row === undefined) return null;
    const [person] = await db.query<{ handle: string; active: boolean; roles: string[] }[]>(
      'select handle, active, roles from person where user_id = $1',
      [userId],
    );
    const presser =
      person === undefined
        ? null
        : { handle: person.handle, isActive: person.active, isAdmin: person.roles.includes('admin') };
    return { group: await this.group(db, row.id), presser };
  }

  async noteWish(db: EntityManager, groupId: string, by: string): Promise<LetterGroup> {
    await db.query('update letter_group set wanted_by = $2, wanted_at = now() where id = $1', [groupId, by]);
    return this.group(db, groupId);
  }

  async clean(db: EntityManager): Promise<void> {
    await db.query(`delete from letter_group where is_over and at < now() - interval '90 days'`);
    await db.query(`delete from letter where group_id is null and at < now() - interval '90 days'`);
  }

  private async lock(db: EntityManager, letterId: string): Promise<LetterRow | null> {
    // Before there is a row, too: what is kept and what is settled come by two ways.
    await db.query(`select pg_advisory_xact_lock(hashtextextended('letter ' || $1, 0))`, [letterId]);
    const [row] = await db.query<LetterRow[]>('select group_id, settled_at from letter where id = $1', [letterId]);
    return row ?? null;
  }

  private async openGroup(db: EntityManager, { service, consumer }: LetterKept): Promise<string> {
    const nonce = randomBytes(16).toString('base64url');
    await db.query(
      `insert into letter_group (service, consumer, nonce) values ($1, $2, $3)
       on conflict (service, consumer) where not is_over do nothing`,
      [service, consumer, nonce],
    );
    const [row] = await db.query<{ id: string }[]>(
      'select id from letter_group where service = $1 and consumer = $2 and not is_over for update',
      [service, consumer],
    );
    return row!.id;
  }

  private async closed(db: EntityManager, groupId: string): Promise<LetterGroup> {
    await db.query('select 1 from letter_group where id = $1 for update', [groupId]);
    await db.query(
      `update letter_group g set is_over = true, at = now()
       where id = $1 and not exists (select 1 from letter where group_id = g.id and is_open)`,
      [groupId],
    );
    return this.group(db, groupId);
  }

  private async group(db: EntityManager, id: string): Promise<LetterGroup> {
    const [row] = await db.query<GroupRow[]>(
      `select g.*, coalesce((select name from person where handle = g.wanted_by), g.wanted_by) as wanted_by,
         (select count(*)::int from letter where group_id = g.id) as total,
         (select count(*)::int from letter where group_id = g.id and is_open) as open,
         (select reason from letter where group_id = g.id order by kept_at desc, id desc limit 1) as reason
       from letter_group g where id = $1`,
      [id],
    );
    const { service, consumer, nonce, is_over: isOver, wanted_by: wantedBy, total, open, reason } = row!;
    return { id, service, consumer, nonce, isOver, wantedBy, total, open, reason: reason ?? '' };
  }
}
