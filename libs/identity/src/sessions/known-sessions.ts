import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type SessionChanged } from '@recert/contracts';
import { type Authenticator, Clock, type Principal, sha256 } from '@recert/service-kit';
import { Hearsay } from '../hearsay';
import { type KnownSession, SessionRepository } from './session.repository';

/** Who is logged in by which cookie, without asking the registry. */
@Injectable()
export class KnownSessions implements Authenticator {
  private readonly told = new Hearsay<KnownSession>((hash) => this.sessions.find(hash));

  constructor(
    private readonly sessions: SessionRepository,
    private readonly clock: Clock,
  ) {}

  /** Keeps what `session.changed` says. */
  async learn(tx: Tx, event: SessionChanged): Promise<void> {
    await this.sessions.learn(tx, event);
    // By its id: the cookie may have been another one before.
    tx.afterCommit(() => this.told.forget(({ id }) => id === event.sessionId));
  }

  /** A login of a moment ago is waited for: the page that follows it must not ask for a login again. */
  async session(cookie: string): Promise<Principal | null> {
    const session = await this.told.findOrAwait(sha256(cookie).toString('hex'));
    if (session === null || !session.active || session.expiresAt <= this.clock.now()) return null;
    const { name, handle, role } = session;
    return { name, handle, role, scopes: [], via: 'session' };
  }
}
