import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type TokenChanged } from '@recert/contracts';

/** An API token as the registry told it last. */
export interface KnownToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** The product whose token it is. */
  readonly productId: string | null;
}

export interface StoredToken {
  readonly token: KnownToken;
  /** SHA-256 of its secret. */
  readonly hash: Buffer;
  readonly active: boolean;
}

interface Row {
  id: string;
  name: string;
  hash: Buffer;
  scopes: string[];
  product_id: string | null;
  active: boolean;
}

/** The table `known_token`. */
@Injectable()
export class TokenRepository {
  constructor(private readonly database: ServiceDatabase) {}

  /** Takes the registry's word unless a newer one is known. */
  async learn(tx: Tx, token: TokenChanged): Promise<void> {
    await tx.db.query(
      `insert into known_token (id, version, name, hash, scopes, product_id, active)
       values ($1, $2, $3, decode($4, 'hex'), $5, $6, $7)
       on conflict (id) do update set version = $2, name = $3, hash = decode($4, 'hex'), scopes = $5, product_id = $6,
         active = $7
       where known_token.version < $2`,
      [token.tokenId, token.version, token.name, token.hash, token.scopes, token.product, token.active],
    );
  }

  async find(id: string): Promise<StoredToken | null> {
    const [row] = await this.database.query<Row>(
      'select id, name, hash, scopes, product_id, active from known_token where id = $1',
      [id],
    );
    if (row === undefined) return null;
    const { name, scopes, product_id: productId, hash, active } = row;
    return { token: { id, name, scopes, productId }, hash, active };
  }
}
