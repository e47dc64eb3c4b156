import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import {
  Clock,
  principalOfToken,
  sha256,
  TellTokenUses,
  UserError,
  type Authenticator,
  type Principal,
} from '@recert/service-kit';
import { type HistoryEntry } from '../history/history-chain';
import { HistoryRepository } from '../history/history.repository';
import { TokenRepository, type Token } from './token.repository';

/** The one in use, and the one that takes its place. */
const MOST_VALID = 2;

/** A token whole: `token` is shown this once. */
export interface NewToken {
  readonly id: string;
  readonly token: string;
}

/** Makes, knows and revokes API tokens: `recert_<id>_<secret>`. */
@Injectable()
export class Tokens implements Authenticator {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly tokens: TokenRepository,
    private readonly history: HistoryRepository,
    private readonly uses: TellTokenUses,
    private readonly clock: Clock,
  ) {}

  /** @returns the token whole, which nobody can see again: only the hash of its secret is kept */
  async create(name: string, scopes: readonly string[], by: string): Promise<NewToken> {
    return this.database.transaction(async (tx) => {
      const made = await this.make(tx, { name, scopes, product: null }, by);
      await this.history.append(tx, made.entries);
      return made;
    });
  }

  /** Makes one in a transaction that also writes its history, last. */
  async make(
    tx: Tx,
    { name, scopes, product }: Pick<Token, 'name' | 'scopes' | 'product'>,
    by: string,
  ): Promise<NewToken & { readonly entries: readonly HistoryEntry[] }> {
    const id = randomBytes(6).toString('hex');
    const secret = randomBytes(32).toString('base64url');
    const at = this.clock.now();
    const opens = [...new Set(scopes)];
    const token: Token = { id, name, scopes: opens, product, createdAt: at, lastUsedAt: null, revokedAt: null };
    await this.tokens.add(tx, token, sha256(secret));
    return { id, token: `recert_${id}_${secret}`, entries: [entry(token, at, by, null, describe(token))] };
  }

  async revoke(id: string, by: string): Promise<void> {
    const at = this.clock.now();
    await this.database.transaction(async (tx) => {
      const token = await this.tokens.revoke(tx, id, at);
      if (token === null) throw UserError.notFound(`valid token "${id}"`);
      await this.history.append(tx, [entry(token, at, by, describe(token), null)]);
    });
  }

  /**
   * As `make`, for rotation: the new one is put in place before the old one is revoked.
   * @param valid those that it may take the place of
   * @throws UserError 409 when there are two already
   */
  async makeAnother(
    tx: Tx,
    wanted: Pick<Token, 'name' | 'scopes' | 'product'>,
    valid: readonly Token[],
    by: string,
  ): Promise<NewToken> {
    if (valid.length >= MOST_VALID) {
      const ids = valid.map((token) => token.id);
      throw UserError.conflict(
        `"${wanted.name}" has the tokens ${ids.join(' and ')} already: revoke one, DELETE /api/tokens/${ids[0]}.`,
      );
    }
    const made = await this.make(tx, wanted, by);
    await this.history.append(tx, made.entries);
    return made;
  }

  /** The valid ones that open this and nothing else, oldest first. */
  async ofScope(tx: Tx, scope: string): Promise<readonly Token[]> {
    return this.tokens.ofScope(tx, scope);
  }

  /** The valid tokens of a product, oldest first. */
  async ofProduct(tx: Tx, product: string): Promise<readonly Token[]> {
    return this.tokens.ofProduct(tx, product);
  }

  /** Revokes all tokens of a product. @returns the rows that the transaction has to write to the history, last */
  async revokeOfProduct(tx: Tx, product: string, by: string): Promise<HistoryEntry[]> {
    return this.revokeAll(tx, await this.tokens.ofProduct(tx, product), by);
  }

  /** Revokes what opens this and nothing else. @returns the rows that the transaction has to write to the history, last */
  async revokeOfScope(tx: Tx, scope: string, by: string): Promise<HistoryEntry[]> {
    return this.revokeAll(tx, await this.tokens.ofScope(tx, scope), by);
  }

  async bearer(given: string): Promise<Principal | null> {
    const token = await this.valid(given);
    return token === null ? null : principalOfToken(token);
  }

  /** For hooks. @param authorization the header as it came. @returns the token, whatever it opens; null when there is no valid one */
  async ofHeader(authorization: string | undefined): Promise<Token | null> {
    const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    return given === undefined ? null : this.valid(given);
  }

  /** @returns null when there never was one of this id */
  async nameOf(id: string): Promise<string | null> {
    return this.tokens.nameOf(id);
  }

  private async revokeAll(tx: Tx, tokens: readonly Token[], by: string): Promise<HistoryEntry[]> {
    const at = this.clock.now();
    const entries: HistoryEntry[] = [];
    for (const { id } of tokens) {
      const token = await this.tokens.revoke(tx, id, at);
      if (token !== null) entries.push(entry(token, at, by, describe(token), null));
    }
    return entries;
  }

  private async valid(given: string): Promise<Token | null> {
    const [, id, secret] = /^recert_([0-9a-f]{12})_([\w-]{43})$/.exec(given) ?? [];
    if (id === undefined || secret === undefined) return null;
    const found = await this.tokens.findValid(id);
    if (found === null || !timingSafeEqual(sha256(secret), found.hash)) return null;
    this.uses.note(id);
    return found.token;
  }
}

function entry({ id }: Token, at: Date, by: string, old: string | null, now: string | null): HistoryEntry {
  const cause = `token ${id} ${now === null ? 'revoked' : 'made'}`;
  return { at, by, processId: null, person: null, field: 'token', old, new: now, cause, source: 'http' };
}

function describe({ name, scopes }: Token): string {
  return `${name}: ${scopes.join(' ')}`;
}
