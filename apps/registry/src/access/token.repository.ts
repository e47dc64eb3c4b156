import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { TokenChanged, type TokenListView, type TokenUsed } from '@recert/contracts';
import { LastKnown } from '@recert/service-kit';

/** An API token, without its secret. */
export interface Token {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** The product whose token it is; null for one that belongs to none. */
  readonly product: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

interface Row {
  id: string;
  name: string;
  hash: Buffer;
  scopes: string[];
  product: string | null;
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

/** Far more than anybody has, and little enough for memory. */
const MOST_IN_MEMORY = 10_000;

export interface ValidToken {
  readonly token: Token;
  /** SHA-256 of its secret. */
  readonly hash: Buffer;
}

/** The table `token`. Whatever is made or revoked is announced, by its hash. */
@Injectable()
export class TokenRepository implements OnApplicationBootstrap, OnModuleDestroy {
  /** So that hooks know who sends while the database is away. */
  private readonly lastKnown = new LastKnown<ValidToken>((id) => this.readValid(id));

  constructor(private readonly database: ServiceDatabase) {}

  onApplicationBootstrap(): void {
    this.lastKnown.follow(() => this.allValid());
  }

  onModuleDestroy(): void {
    this.lastKnown.stop();
  }

  async add(tx: Tx, token: Token, hash: Buffer): Promise<void> {
    const { id, name, scopes, product, createdAt } = token;
    await tx.db.query(
      `insert into token (id, name, hash, scopes, product, created_at, announced)
       values ($1, $2, $3, $4, $5, $6, true)`,
      [id, name, hash, scopes, product, createdAt],
    );
    tx.publish(TokenChanged, toTokenChanged(token, hash));
    tx.afterCommit(() => this.lastKnown.learn(id, { token, hash }));
  }

  /** What others have heard of already: a new one, or that one was revoked. */
  async put(tx: Tx, token: Omit<Token, 'lastUsedAt'> & { readonly hash: Buffer }): Promise<void> {
    const { id, name, hash, scopes, product, createdAt, revokedAt } = token;
    await tx.db.query(
      `insert into token as t (id, name, hash, scopes, product, created_at, revoked_at, announced)
       values ($1, $2, $3, $4, $5, $6, $7, true)
       on conflict (id) do update set revoked_at = coalesce(t.revoked_at, excluded.revoked_at)`,
      [id, name, hash, scopes, product, createdAt, revokedAt],
    );
  }

  /** Tells of those that nobody has heard of, each once, however many replicas ask at the same time. */
  async announceMissing(tx: Tx): Promise<void> {
    const rows = await tx.db.query<Row[]>('select * from token where not announced order by created_at, id for update');
    if (rows.length === 0) return;
    await tx.db.query('update token set announced = true where id = any($1)', [rows.map((row) => row.id)]);
    for (const row of rows) tx.publish(TokenChanged, toTokenChanged(toToken(row), row.hash));
  }

  /** The valid ones of a product, oldest first. */
  async ofProduct(tx: Tx, product: string): Promise<Token[]> {
    const rows = await tx.db.query<Row[]>(
      'select * from token where product = $1 and revoked_at is null order by created_at, id',
      [product],
    );
    return rows.map(toToken);
  }

  /** The valid ones that open this and nothing else, oldest first. */
  async ofScope(tx: Tx, scope: string): Promise<Token[]> {
    const rows = await tx.db.query<Row[]>(
      'select * from token where scopes = array[$1] and revoked_at is null order by created_at, id',
      [scope],
    );
    return rows.map(toToken);
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

  /**
   * One that was not revoked, with the hash of its secret: while the database is away as it was known last.
   * @throws OperationalError when it is away and the token is not known
   */
  async findValid(id: string): Promise<ValidToken | null> {
    return this.lastKnown.find(id);
  }

  async nameOf(id: string): Promise<string | null> {
    const [row] = await this.database.query<{ name: string }>('select name from token where id = $1', [id]);
    return row?.name ?? null;
  }

  /** Only ever moves the last use on. Passes over unknown and revoked tokens. */
  async noteUses(tx: Tx, uses: TokenUsed['uses']): Promise<void> {
    await tx.db.query(
      // Locked in one order: two services may tell of the same tokens at the same time.
      `with used as (
         select id, at from token join unnest($1::text[], $2::timestamptz[]) u (used_id, at) on id = used_id
         where revoked_at is null order by id for update of token)
       update token set last_used_at = used.at from used
       where token.id = used.id and (last_used_at is null or last_used_at < used.at)`,
      [uses.map(({ tokenId }) => tokenId), uses.map(({ at }) => at)],
    );
  }

  /** @returns the token if it was valid until now */
  async revoke(tx: Tx, id: string, at: Date): Promise<Token | null> {
    const [row] = await tx.db.query<Row[]>('select * from token where id = $1 and revoked_at is null for update', [id]);
    if (row === undefined) return null;
    await tx.db.query('update token set revoked_at = $2, announced = true where id = $1', [id, at]);
    const token = toToken({ ...row, revoked_at: at });
    tx.publish(TokenChanged, toTokenChanged(token, row.hash));
    tx.afterCommit(() => this.lastKnown.learn(id, null));
    return token;
  }

  private async readValid(id: string): Promise<ValidToken | null> {
    const [row] = await this.database.query<Row>('select * from token where id = $1 and revoked_at is null', [id]);
    return row === undefined ? null : toValid(row);
  }

  /** By their ids. */
  private async allValid(): Promise<[string, ValidToken][]> {
    const rows = await this.database.query<Row>(
      'select * from token where revoked_at is null order by created_at desc limit $1',
      [MOST_IN_MEMORY],
    );
    return rows.map((row) => [row.id, toValid(row)]);
  }
}

function toValid(row: Row): ValidToken {
  return { token: toToken(row), hash: row.hash };
}

export function toListView({ id, name, scopes, product, createdAt, lastUsedAt, revokedAt }: Token): TokenListView {
  return {
    ...{ id, name, product },
    scopes: [...scopes],
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}

function toTokenChanged({ id, name, scopes, product, revokedAt }: Token, hash: Buffer): TokenChanged {
  const active = revokedAt === null;
  return {
    ...{ tokenId: id, name, product, active },
    version: active ? 1 : 2,
    hash: hash.toString('hex'),
    scopes: [...scopes],
  };
}

function toToken(row: Row): Token {
  const { id, name, scopes, product } = row;
  const { created_at: createdAt, last_used_at: lastUsedAt, revoked_at: revokedAt } = row;
  return { id, name, scopes, product, createdAt, lastUsedAt, revokedAt };
}
