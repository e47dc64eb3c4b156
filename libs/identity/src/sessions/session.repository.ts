import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type Role, type SessionChanged } from '@recert/contracts';

/** A login of a browser as the registry told it last. */
export interface KnownSession {
  readonly id: string;
  readonly name: string;
  /** The person; null for an admin who came by the link of the start. */
  readonly handle: string | null;
  readonly role: Role;
  readonly expiresAt: Date;
  readonly active: boolean;
}

interface Row {
  id: string;
  name: string;
  handle: string | null;
  role: Role;
  expires_at: Date;
  active: boolean;
}

/** The table `known_session`. */
@Injectable()
export class SessionRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /** Takes the registry's word unless a newer one is known. */
  async learn(tx: Tx, session: SessionChanged): Promise<void> {
    const { sessionId, version, hash, name, handle, role, expiresAt, active } = session;
    await tx.db.query(
      `insert into known_session (id, version, hash, name, handle, role, expires_at, active)
       values ($1, $2, decode($3, 'hex'), $4, $5, $6, $7, $8)
       on conflict (id) do update set version = $2, hash = decode($3, 'hex'), name = $4, handle = $5, role = $6,
         expires_at = $7, active = $8
       where known_session.version < $2`,
      [sessionId, version, hash, name, handle, role, expiresAt, active],
    );
  }

  /** @param hash SHA-256 of the cookie, in hex */
  async find(hash: string): Promise<KnownSession | null> {
    const [row] = await this.database.query<Row>(
      `select id, name, handle, role, expires_at, active from known_session where hash = decode($1, 'hex')`,
      [hash],
    );
    if (row === undefined) return null;
    const { id, name, handle, role, expires_at: expiresAt, active } = row;
    return { id, name, handle, role, expiresAt, active };
  }

  /** Those that have expired, at most so many. @returns how many were removed */
  async removeExpired(now: Date, limit: number): Promise<number> {
    const rows = await this.database.query(
      `with gone as (delete from known_session where id = any(array(
         select id from known_session where expires_at <= $1 limit $2)) returning 1)
       select 1 from gone`,
      [now, limit],
    );
    return rows.length;
  }
}
