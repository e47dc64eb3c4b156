import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { SessionChanged, type Role } from '@recert/contracts';
import { highestRole } from './highest-role';
import { toSessionChanged, type Session } from './session';

interface Row {
  id: string;
  version: number;
  hash: Buffer;
  handle: string | null;
  roles: Role[];
  device: string | null;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
}

const COLUMNS = `s.id, s.version, s.hash, s.handle, s.device, s.created_at, s.last_seen_at, s.expires_at,
  case when s.handle is null then '{admin}' else p.roles end as roles`;

/** Who is switched off, or may do nothing, is logged in nowhere; $1 is the present. */
const OPEN = `from session s left join person p on p.handle = s.handle
  where s.revoked_at is null and s.expires_at > $1 and (s.handle is null or p.active and p.roles <> '{}')`;

/** The table `session`. Whatever becomes of one is announced, except that it expires: that is known from the start. */
@Injectable()
export class SessionRepository {
  constructor(private readonly database: ServiceDatabase) {}

  async add(tx: Tx, session: Session): Promise<void> {
    const { id, version, hash, handle, device, createdAt, lastSeenAt, expiresAt } = session;
    await tx.db.query(
      `insert into session (id, version, hash, handle, device, created_at, last_seen_at, expires_at, announced)
       values ($1, $2, $3, $4, $5, $6, $7, $8, true)`,
      [id, version, hash, handle, device, createdAt, lastSeenAt, expiresAt],
    );
    tx.publish(SessionChanged, toSessionChanged(session, true));
  }

  async find(hash: Buffer, now: Date): Promise<Session | null> {
    const [row] = await this.database.query<Row>(`select ${COLUMNS} ${OPEN} and s.hash = $2`, [now, hash]);
    return row === undefined ? null : toSession(row);
  }

  /** Newest first. @param handle whose; null for everybody's */
  async page(now: Date, handle: string | null, before: string | null, limit: number): Promise<Session[]> {
    const rows = await this.database.query<Row>(
      `select ${COLUMNS} ${OPEN} and ($2::text is null or s.handle = $2)
         and ($3::text is null or (s.created_at, s.id) < (select created_at, id from session where id = $3))
       order by s.created_at desc, s.id desc limit $4`,
      [now, handle, before, limit],
    );
    return rows.map(toSession);
  }

  /** Once a minute at most, however many requests come at the same time. */
  async noteSeen({ id }: Session, now: Date, unlessSince: Date): Promise<void> {
    await this.database.query('update session set last_seen_at = $2 where id = $1 and last_seen_at <= $3', [
      id,
      now,
      unlessSince,
    ]);
  }

  /** Locked; null when it is over. @param key its id, or the hash of its cookie */
  async lock(tx: Tx, key: string | Buffer, now: Date): Promise<Session | null> {
    const column = typeof key === 'string' ? 'id' : 'hash';
    const [row] = await tx.db.query<Row[]>(`select ${COLUMNS} ${OPEN} and s.${column} = $2 for update of s`, [
      now,
      key,
    ]);
    return row === undefined ? null : toSession(row);
  }

  /** All of a person, locked, whatever has become of the person. @param role what the person could do until now */
  async lockOf(tx: Tx, handle: string, role: Role, now: Date): Promise<Session[]> {
    const rows = await tx.db.query<Omit<Row, 'roles'>[]>(
      `select * from session where handle = $2 and revoked_at is null and expires_at > $1 order by id for update`,
      [now, handle],
    );
    return rows.map((row) => toSession({ ...row, roles: [role] }));
  }

  /** Tells what has become of one that the transaction has locked. @param revokedAt when it was ended; null while it is not */
  async save(tx: Tx, changed: Session, revokedAt: Date | null): Promise<void> {
    const session = { ...changed, version: changed.version + 1 };
    await tx.db.query('update session set version = $2, revoked_at = $3, announced = true where id = $1', [
      session.id,
      session.version,
      revokedAt,
    ]);
    tx.publish(SessionChanged, toSessionChanged(session, revokedAt === null));
  }

  /** Tells of those that nobody has heard of, each once, however many replicas ask at the same time. */
  async announceMissing(tx: Tx, now: Date): Promise<void> {
    const rows = await tx.db.query<Row[]>(
      `select ${COLUMNS} ${OPEN} and not s.announced order by s.id for update of s`,
      [now],
    );
    if (rows.length === 0) return;
    await tx.db.query('update session set announced = true where id = any($1)', [rows.map((row) => row.id)]);
    for (const row of rows) tx.publish(SessionChanged, toSessionChanged(toSession(row), true));
  }

  async forgetOld(tx: Tx, before: Date): Promise<void> {
    await tx.db.query('delete from session where expires_at < $1', [before]);
  }
}

function toSession(row: Row): Session {
  const { id, version, hash, handle, device } = row;
  return {
    ...{ id, version, hash, handle, device },
    role: highestRole(row.roles) ?? 'viewer',
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
  };
}
