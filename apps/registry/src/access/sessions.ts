import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { Clock, sha256, UserError, type Authenticator, type Principal } from '@recert/service-kit';
import { type Person } from '../people/person';
import { roleOf } from './highest-role';
import { LoginCodeRepository } from './login-code.repository';
import { nameOf, type Session } from './session';
import { SessionRepository } from './session.repository';

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;
const CODE_MS = DAY_MS;
export const SESSION_MS = 30 * DAY_MS;

/** One-time links that log an admin in, for whoever starts the service. */
@Injectable()
export class AdminLinks {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly codes: LoginCodeRepository,
    private readonly sessions: SessionRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns the path of a link that works once, within 24 hours. The code stands behind the #, so that it is sent to
   *   no server and stands in no log
   */
  async create(): Promise<string> {
    const code = randomBytes(24).toString('base64url');
    const now = this.clock.now();
    const longAgo = new Date(now.getTime() - DAY_MS);
    await this.database.transaction(async (tx) => {
      await this.codes.forgetOld(tx, longAgo);
      await this.sessions.forgetOld(tx, longAgo);
      await this.codes.add(tx, sha256(code), { handle: null }, new Date(now.getTime() + CODE_MS));
    });
    return `/login#${code}`;
  }
}

/** Logins that a browser keeps as a cookie, each of a person, whom it follows. */
@Injectable()
export class Sessions implements Authenticator {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly sessions: SessionRepository,
    private readonly codes: LoginCodeRepository,
    private readonly clock: Clock,
  ) {}

  async session(cookie: string): Promise<Principal | null> {
    const now = this.clock.now();
    const found = await this.sessions.find(sha256(cookie), now);
    if (found === null) return null;
    const aMinuteAgo = new Date(now.getTime() - MINUTE_MS);
    if (found.lastSeenAt <= aMinuteAgo) await this.sessions.noteSeen(found, now, aMinuteAgo);
    return { name: nameOf(found), handle: found.handle, role: found.role, scopes: [], via: 'session' };
  }

  async logOut(cookie: string): Promise<void> {
    await this.end(sha256(cookie), () => true);
  }

  /** @throws UserError 404 for one that is over already, and for one that is not theirs, unless they are an admin */
  async revoke(id: string, { role, handle }: Principal): Promise<void> {
    const isTheirs = (session: Session): boolean => handle !== null && session.handle === handle;
    const isEnded = await this.end(id, (session) => role === 'admin' || isTheirs(session));
    if (!isEnded) throw UserError.notFound(`session "${id}"`);
  }

  /** What a person may do has changed: so has what their browsers may do. Without any role they are logged in nowhere. */
  async follow(tx: Tx, before: Person, after: Person): Promise<void> {
    const [was, is] = [roleOf(before), roleOf(after)];
    if (was === is || was === null) return;
    const now = this.clock.now();
    if (is === null) await this.codes.useUp(tx, after.handle, now);
    for (const session of await this.sessions.lockOf(tx, after.handle, is ?? was, now)) {
      await this.sessions.save(tx, session, is === null ? now : null);
    }
  }

  /** @returns whether it was there and was allowed to be ended */
  private async end(key: string | Buffer, mayEnd: (session: Session) => boolean): Promise<boolean> {
    const now = this.clock.now();
    return this.database.transaction(async (tx) => {
      const session = await this.sessions.lock(tx, key, now);
      if (session === null || !mayEnd(session)) return false;
      await this.sessions.save(tx, session, now);
      return true;
    });
  }
}
