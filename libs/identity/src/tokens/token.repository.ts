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

/** Far more than anybody has, and little enough for memory. */
const MOST_IN_MEMORY = 10_000;
const COLUMNS = 'id, name, hash, scopes, product_id, active';

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
    const [row] = await this.database.query<Row>(`select ${COLUMNS} from known_token where id = $1`, [id]);
    return row === undefined ? null : toStored(row);
  }

  /** By their ids: those that open something. */
  async all(): Promise<[string, StoredToken][]> {
    const rows = await this.database.query<Row>(`select ${COLUMNS} from known_token where active limit $1`, [
      MOST_IN_MEMORY,
    ]);
    return rows.map((row) => [row.id, toStored(row)]);
  }
}

/** A token as its event says it. */
export function storedOf({ tokenId: id, name, scopes, product: productId, hash, active }: TokenChanged): StoredToken {
  return { token: { id, name, scopes, productId }, hash: Buffer.from(hash, 'hex'), active };
}

function toStored({ id, name, scopes, product_id: productId, hash, active }: Row): StoredToken {
  return { token: { id, name, scopes, productId }, hash, active };
}
