import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { type Role } from '@recert/contracts';

/** Whom a session belongs to. */
export interface SessionOwner {
  readonly name: string;
  readonly handle: string | null;
  readonly role: Role;
}

/** The tables `login_code` and `session`. Codes and cookies are given as their SHA-256. */
@Injectable()
export class SessionRepository {
  constructor(private readonly database: ServiceDatabase) {}

  async addCode(hash: Buffer, expiresAt: Date): Promise<void> {
    await this.database.query('insert into login_code (hash, expires_at) values ($1, $2)', [hash, expiresAt]);
  }

  /** @returns whether the code was good, which it is once */
  async useCode(hash: Buffer, now: Date): Promise<boolean> {
    const used = await this.database.query<unknown>(
      `with used as (update login_code set used_at = $2 where hash = $1 and used_at is null and expires_at > $2 returning 1)
       select 1 from used`,
      [hash, now],
    );
    return used.length > 0;
  }

  async add(hash: Buffer, owner: SessionOwner, now: Date, expiresAt: Date): Promise<void> {
    await this.database.query(
      'insert into session (hash, principal, created_at, expires_at, last_seen_at) values ($1, $2, $3, $4, $3)',
      [hash, JSON.stringify(owner), now, expiresAt],
    );
  }

  async findValid(hash: Buffer, now: Date): Promise<{ owner: SessionOwner; lastSeenAt: Date } | null> {
    const [row] = await this.database.query<{ principal: SessionOwner; last_seen_at: Date }>(
      'select principal, last_seen_at from session where hash = $1 and revoked_at is null and expires_at > $2',
      [hash, now],
    );
    return row === undefined ? null : { owner: row.principal, lastSeenAt: row.last_seen_at };
  }

  async noteSeen(hash: Buffer, now: Date): Promise<void> {
    await this.database.query('update session set last_seen_at = $2 where hash = $1', [hash, now]);
  }

  async revoke(hash: Buffer, now: Date): Promise<void> {
    await this.database.query('update session set revoked_at = $2 where hash = $1 and revoked_at is null', [hash, now]);
  }

  /** Codes and sessions that nobody can use any more. */
  async forgetOld(before: Date): Promise<void> {
    await this.database.query('delete from login_code where expires_at < $1', [before]);
    await this.database.query('delete from session where expires_at < $1', [before]);
  }
}
