import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';

/** An API token, without its secret. */
export interface Token {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

interface Row {
  id: string;
  name: string;
  hash: Buffer;
  scopes: string[];
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

/** The table `token`. */
@Injectable()
export class TokenRepository {
  constructor(private readonly database: ServiceDatabase) {}

  async add(tx: Tx, token: Token, hash: Buffer): Promise<void> {
    const { id, name, scopes, createdAt } = token;
    await tx.db.query('insert into token (id, name, hash, scopes, created_at) values ($1, $2, $3, $4, $5)', [
      ...[id, name, hash, scopes, createdAt],
    ]);
  }

  /** Newest first. */
  async page(before: string | null, limit: number): Promise<Token[]> {
    const rows = await this.database.query<Row>(
      `select * from token where $1::text is null or (created_at, id) < (select created_at, id from token where id = $1)
       order by created_at desc, id desc limit $2`,
      [before, limit],
    );
    return rows.map(toToken);
  }

  /** One that was not revoked, with the hash of its secret. */
  async findValid(id: string): Promise<{ token: Token; hash: Buffer } | null> {
    const [row] = await this.database.query<Row>('select * from token where id = $1 and revoked_at is null', [id]);
    return row === undefined ? null : { token: toToken(row), hash: row.hash };
  }

  async noteUse(id: string, at: Date): Promise<void> {
    await this.database.query('update token set last_used_at = $2 where id = $1', [id, at]);
  }

  /** @returns the token if it was valid until now */
  async revoke(tx: Tx, id: string, at: Date): Promise<Token | null> {
    const [row] = await tx.db.query<Row[]>('select * from token where id = $1 and revoked_at is null for update', [id]);
    if (row === undefined) return null;
    await tx.db.query('update token set revoked_at = $2 where id = $1', [id, at]);
    return toToken({ ...row, revoked_at: at });
  }
}

function toToken(row: Row): Token {
  const { id, name, scopes } = row;
  return { id, name, scopes, createdAt: row.created_at, lastUsedAt: row.last_used_at, revokedAt: row.revoked_at };
}
