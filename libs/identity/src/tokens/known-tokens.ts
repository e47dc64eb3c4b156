import { timingSafeEqual } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type TokenChanged } from '@recert/contracts';
import {
  type Authenticator,
  LastKnown,
  type Principal,
  principalOfToken,
  sha256,
  TellTokenUses,
} from '@recert/service-kit';
import { Hearsay } from '../hearsay';

import { type KnownToken, type StoredToken, storedOf, TokenRepository } from './token.repository';

const TOKEN = /^recert_([0-9a-f]{12})_([\w-]{43})$/;

/** Who may come in by which token, without asking the registry. */
@Injectable()
export class KnownTokens implements Authenticator, OnModuleDestroy {
  private readonly lastKnown = new LastKnown<StoredToken>((id) => this.tokens.find(id));
  private readonly told = new Hearsay<StoredToken>((id) => this.lastKnown.find(id));

  constructor(
    private readonly tokens: TokenRepository,
    private readonly uses: TellTokenUses,
  ) {}

  /** For a service with hooks: they know all tokens while its database is away, also those that nobody has used yet. */
  knowAll(): void {
    this.lastKnown.follow(() => this.tokens.all());
  }

  onModuleDestroy(): void {
    this.lastKnown.stop();
  }

  /** Keeps what `token.changed` says. */
  async learn(tx: Tx, event: TokenChanged): Promise<void> {
    await this.tokens.learn(tx, event);
    tx.afterCommit(() => this.remember(event));
  }

  /**
   * For hooks: a token that was made a moment ago is waited for, since not every sender sends again.
   * @param authorization the header as it came: `Bearer recert_<id>_<secret>`
   * @param scope that the token must have, e.g. `kpi:lugha`
   * @returns null for every token that does not open this, whatever the reason
   * @throws OperationalError when the database is away and the token is not known
   */
  async verify(authorization: string | undefined, scope: string): Promise<KnownToken | null> {
    const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    return given === undefined ? null : this.verifyToken(given, scope);
  }

  /** The same for a token that came another way, such as a password. */
  async verifyToken(given: string, scope: string): Promise<KnownToken | null> {
    const token = await valid(given, (id) => this.told.findOrAwait(id));
    if (!token?.scopes.includes(scope)) return null;
    this.uses.note(token.id);
    return token;
  }

  /** That it was revoked is the last that is ever said of one; that it was made may come late, and the table knows. */
  private remember(event: TokenChanged): void {
    const { tokenId } = event;
    this.told.forget(({ token }) => token.id === tokenId);
    if (!event.active) return this.lastKnown.learn(tokenId, storedOf(event));
    this.lastKnown.forget(tokenId);
    void this.lastKnown.find(tokenId).catch(() => undefined);
  }

  /** For the API: whoever uses it sees a refusal and asks again, so that nothing is waited for. */
  async bearer(given: string): Promise<Principal | null> {
    const token = await valid(given, (id) => this.told.find(id));
    if (token === null) return null;
    this.uses.note(token.id);
    return principalOfToken(token);
  }
}

async function valid(given: string, find: (id: string) => Promise<StoredToken | null>): Promise<KnownToken | null> {
  const [, id, secret] = TOKEN.exec(given) ?? [];
  if (id === undefined || secret === undefined) return null;
  const stored = await find(id);
  return stored !== null && timingSafeEqual(sha256(secret), stored.hash) && stored.active ? stored.token : null;
}
