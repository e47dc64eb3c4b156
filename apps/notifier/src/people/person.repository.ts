import { Injectable } from '@nestjs/common';
import { type PersonChanged, type Role } from '@recert/contracts';
import { type EntityManager } from 'typeorm';
import { type Notice, type Person } from './person';

interface Row {
  handle: string;
  version: number;
  name: string;
  roles: Role[];
  active: boolean;
  invitation_hash: string | null;
  invitation_expires_at: Date | null;
  used_hash: string | null;
  user_id: string | null;
  chat_id: string | null;
  lost_reason: string | null;
  digest: string;
  notice_at: Date | null;
  next_notice_at: Date | null;
  gather_until: Date | null;
}

/** The table `person`, both ways. */
@Injectable()
export class PersonRepository {
  /**
   * Locks those people that are known, always in the same order, so that two transactions never wait for each other.
   * A question changes only while its recipient is locked.
   */
  async lock(db: EntityManager, handles: readonly string[]): Promise<Map<string, Person>> {
    const rows = await db.query<Row[]>('select * from person where handle = any($1) order by handle for update', [
      handles,
    ]);
    return new Map(rows.map((row) => [row.handle, toPerson(row)]));
  }

  /** Locks a process, and then everybody who has an open question about it. */
  async lockAskedAbout(db: EntityManager, processId: string): Promise<Map<string, Person>> {
    const rows = await db.query<Row[]>(
      `with process as (select id from process where id = $1 for update)
       select * from person where (select count(*) from process) >= 0 and handle in (
         select recipient from question where process_id = $1 and state <> 'closed')
       order by handle for update`,
      [processId],
    );
    return new Map(rows.map((row) => [row.handle, toPerson(row)]));
  }

  async find(db: EntityManager, handles: readonly (string | null)[]): Promise<Map<string, Person>> {
    const rows = await db.query<Row[]>('select * from person where handle = any($1)', [handles]);
    return new Map(rows.map((row) => [row.handle, toPerson(row)]));
  }

  /** The person whose Telegram account it is, locked. */
  async lockByUser(db: EntityManager, userId: number): Promise<Person | null> {
    const [row] = await db.query<Row[]>('select * from person where user_id = $1 for update', [userId]);
    return row === undefined ? null : toPerson(row);
  }

  /** Whose Telegram account it is. */
  async findByAccount(db: EntityManager, account: { userId: number } | { chatId: number }): Promise<Person | null> {
    const [column, id] = 'userId' in account ? ['user_id', account.userId] : ['chat_id', account.chatId];
    const [row] = await db.query<Row[]>(`select * from person where ${column} = $1`, [id]);
    return row === undefined ? null : toPerson(row);
  }

  /** Whoever is or was invited by the code with this hash, locked. */
  async lockByInvitation(db: EntityManager, hash: string): Promise<Person | null> {
    const [row] = await db.query<Row[]>(
      'select * from person where invitation_hash = $1 or used_hash = $1 order by handle limit 1 for update',
      [hash],
    );
    return row === undefined ? null : toPerson(row);
  }

  async admins(db: EntityManager): Promise<string[]> {
    const rows = await db.query<{ handle: string }[]>(
      `select handle from person where active and 'admin' = any (roles) order by handle`,
    );
    return rows.map((row) => row.handle);
  }

  /** Those whose next notice is due. */
  async noticeDue(db: EntityManager, now: Date, machineNow: Date): Promise<string[]> {
    const rows = await db.query<{ handle: string }[]>(
      `select handle from person where next_notice_at <= $1 and (gather_until is null or gather_until <= $2)
       order by next_notice_at limit 100`,
      [now, machineNow],
    );
    return rows.map((row) => row.handle);
  }

  /** How long until the next notice may be due, in milliseconds; null when none is awaited. */
  async nextNoticeIn(db: EntityManager, now: Date, machineNow: Date): Promise<number | null> {
    const [row] = await db.query<{ ms: number | null }[]>(
      `select min(1000 * greatest(extract(epoch from next_notice_at - $1::timestamptz),
         extract(epoch from coalesce(gather_until, $2) - $2::timestamptz)))::float8 as ms
       from person where next_notice_at is not null`,
      [now, machineNow],
    );
    return row?.ms ?? null;
  }

  /** Takes the registry's word unless a newer one is known. */
  async learn(db: EntityManager, person: PersonChanged): Promise<void> {
    await db.query(
      `insert into person (handle, version, name, roles, active, invitation_hash, invitation_expires_at)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (handle) do update set version = $2, name = $3, roles = $4, active = $5,
         invitation_hash = $6, invitation_expires_at = $7
       where person.version < $2`,
      [
        person.handle,
        person.version,
        person.name,
        person.roles,
        person.active,
        person.invitation?.codeHash ?? null,
        person.invitation?.expiresAt ?? null,
      ],
    );
  }

  async saveTelegram(db: EntityManager, person: Person, linkedAt: Date | null): Promise<void> {
    await db.query(
      `update person set user_id = $2, chat_id = $3, lost_reason = $4, used_hash = $5,
         linked_at = coalesce($6, linked_at) where handle = $1`,
      [
        person.handle,
        person.telegram?.userId ?? null,
        person.telegram?.chatId ?? null,
        person.telegram?.lost ?? null,
        person.usedHash,
        linkedAt,
      ],
    );
  }

  async moveChat(db: EntityManager, from: number, to: number): Promise<void> {
    await db.query('update person set chat_id = $2 where chat_id = $1', [from, to]);
  }

  async saveNotice(db: EntityManager, handle: string, notice: Notice): Promise<void> {
    await db.query(
      'update person set digest = $2, notice_at = $3, next_notice_at = $4, gather_until = $5 where handle = $1',
      [handle, notice.digest, notice.lastAt, notice.nextAt, notice.gatherUntil],
    );
  }
}

function toPerson(row: Row): Person {
  const { invitation_hash: hash, invitation_expires_at: expiresAt, user_id: userId, chat_id: chatId } = row;
  return {
    handle: row.handle,
    version: row.version,
    name: row.name,
    roles: row.roles,
    active: row.active,
    invitation: hash !== null && expiresAt !== null ? { hash, expiresAt } : null,
    usedHash: row.used_hash,
    telegram:
      userId === null || chatId === null
        ? null
        : { userId: Number(userId), chatId: Number(chatId), lost: row.lost_reason },
    notice: {
      digest: Number(row.digest),
      lastAt: row.notice_at,
      nextAt: row.next_notice_at,
      gatherUntil: row.gather_until,
    },
  };
}
