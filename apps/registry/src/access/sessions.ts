import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, sha256, UserError, type Authenticator, type Principal } from '@recert/service-kit';
import { SessionRepository, type SessionOwner } from './session.repository';

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;
const CODE_MS = DAY_MS;
export const SESSION_MS = 30 * DAY_MS;

const admin: SessionOwner = { name: 'admin', handle: null, role: 'admin' };

/** One-time links that log an admin in, for whoever starts the service. */
@Injectable()
export class AdminLinks {
  constructor(
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
    await this.sessions.forgetOld(new Date(now.getTime() - DAY_MS));
    await this.sessions.addCode(sha256(code), new Date(now.getTime() + CODE_MS));
    return `/login#${code}`;
  }
}

/** Logins that a browser keeps as a cookie. */
@Injectable()
export class Sessions implements Authenticator {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly clock: Clock,
  ) {}

  /** @returns the value of the cookie, of which only a hash is kept. @throws UserError 401 when the code is not good */
  async logIn(code: string): Promise<string> {
    const now = this.clock.now();
    if (!(await this.sessions.useCode(sha256(code), now))) {
      throw new UserError(401, 'This link was used already or is older than 24 hours: ask for a new one.');
    }
    const secret = randomBytes(32).toString('base64url');
    await this.sessions.add(sha256(secret), admin, now, new Date(now.getTime() + SESSION_MS));
    return secret;
  }

  async logOut(cookie: string): Promise<void> {
    await this.sessions.revoke(sha256(cookie), this.clock.now());
  }

  async session(cookie: string): Promise<Principal | null> {
    const now = this.clock.now();
    const hash = sha256(cookie);
    const found = await this.sessions.findValid(hash, now);
    if (found === null) return null;
    if (now.getTime() - found.lastSeenAt.getTime() >= MINUTE_MS) await this.sessions.noteSeen(hash, now);
    return { ...found.owner, scopes: [], via: 'session' };
  }
}
