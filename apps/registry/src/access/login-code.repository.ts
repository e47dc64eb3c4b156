import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';

/** Whose login a code is. */
export interface LoginCode {
  /** Null for the admin of the link that is shown at the start. */
  readonly handle: string | null;
}

/** The table `login_code`. Codes are given as their SHA-256. */
@Injectable()
export class LoginCodeRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /** One that is there already stays as it is. */
  async add(tx: Tx, hash: Buffer, { handle }: LoginCode, expiresAt: Date): Promise<void> {
    await tx.db.query(
      'insert into login_code (hash, handle, expires_at) values ($1, $2, $3) on conflict (hash) do nothing',
      [hash, handle, expiresAt],
    );
  }

  /** Whether it was ever heard of, good or not. */
  async find(hash: Buffer): Promise<LoginCode | null> {
    const [code] = await this.database.query<LoginCode>('select handle from login_code where hash = $1', [hash]);
    return code ?? null;
  }

  /** @returns whether the code was good, which it is once */
  async use(tx: Tx, hash: Buffer, now: Date): Promise<boolean> {
    const used = await tx.db.query<unknown[]>(
      `with used as (update login_code set used_at = $2 where hash = $1 and used_at is null and expires_at > $2 returning 1)
       select 1 from used`,
      [hash, now],
    );
    return used.length > 0;
  }

  /** The open ones of a person count as used. */
  async useUp(tx: Tx, handle: string, now: Date): Promise<void> {
    await tx.db.query('update login_code set used_at = $2 where handle = $1 and used_at is null', [handle, now]);
  }

  /** Forgets those that nobody can use any more. */
  async forgetOld(tx: Tx, before: Date): Promise<void> {
    await tx.db.query('delete from login_code where expires_at < $1', [before]);
  }
}
