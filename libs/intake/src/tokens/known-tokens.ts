import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type TokenChanged } from '@recert/contracts';
import { sha256 } from '@recert/service-kit';
import { type KnownToken, type StoredToken, TokenRepository } from './token.repository';

const TOKEN = /^recert_([0-9a-f]{12})_([\w-]{43})$/;
/** So long another replica may not have noticed that a token was revoked. */
const BELIEVED_MS = 2_000;
const MOST_BELIEVED = 10_000;
/** A token that was made a moment ago is waited for: its event is on its way. */
const PATIENCE_MS = 1_500;
const LOOK_AGAIN_MS = 100;
const MOST_WAITING = 64;

interface Believed {
  readonly stored: StoredToken;
  readonly until: number;
}

/** Who may come in by which token, without asking the registry. */
@Injectable()
export class KnownTokens {
  private readonly believed = new Map<string, Believed>();
  private waiting = 0;

  constructor(private readonly tokens: TokenRepository) {}

  /** Keeps what `token.changed` says. */
  async learn(tx: Tx, event: TokenChanged): Promise<void> {
    await this.tokens.learn(tx, event);
    tx.afterCommit(() => this.believed.delete(event.tokenId));
  }

  /**
   * @param authorization the header as it came: `Bearer recert_<id>_<secret>`
   * @param scope that the token must have, e.g. `kpi:lugha`
   * @returns null for every token that does not open this, whatever the reason
   */
  async verify(authorization: string | undefined, scope: string): Promise<KnownToken | null> {
    const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    return given === undefined ? null : this.verifyToken(given, scope);
  }

  /** The same for a token that came another way, such as a password. */
  async verifyToken(given: string, scope: string): Promise<KnownToken | null> {
    const [, id, secret] = TOKEN.exec(given) ?? [];
    if (id === undefined || secret === undefined) return null;
    const stored = this.fromMemory(id) ?? (await this.find(id));
    if (stored === null || !timingSafeEqual(sha256(secret), stored.hash) || !stored.active) return null;
    return stored.token.scopes.includes(scope) ? stored.token : null;
  }

  private fromMemory(id: string): StoredToken | null {
    const known = this.believed.get(id);
    return known === undefined || known.until < performance.now() ? null : known.stored;
  }

  private async find(id: string): Promise<StoredToken | null> {
    const stored = (await this.tokens.find(id)) ?? (await this.waitFor(id));
    if (stored === null) return null;
    if (this.believed.size >= MOST_BELIEVED) this.believed.clear();
    this.believed.set(id, { stored, until: performance.now() + BELIEVED_MS });
    return stored;
  }

  private async waitFor(id: string): Promise<StoredToken | null> {
    if (this.waiting >= MOST_WAITING) return null;
    this.waiting += 1;
    try {
      for (const end = performance.now() + PATIENCE_MS; performance.now() < end;) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
        const stored = await this.tokens.find(id);
        if (stored !== null) return stored;
      }
      return null;
    } finally {
      this.waiting -= 1;
    }
  }
}
