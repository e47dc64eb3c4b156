import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type Role } from '@recert/contracts';
import { Clock, sha256, UserError } from '@recert/service-kit';
import { PersonRepository } from '../people/person.repository';
import { roleOf } from './highest-role';
import { type LoginCode, LoginCodeRepository } from './login-code.repository';
import { type Session } from './session';
import { SessionRepository } from './session.repository';
import { SESSION_MS } from './sessions';
import { WrongCodes } from './wrong-codes';

const CODE = /^[\w-]{32}$/;
/** The event that tells of a code may still be on its way when its link is opened. */
const PATIENCE_MS = 1500;
const LOOK_AGAIN_MS = 100;
const MOST_WAITING = 64;

/** Where somebody logs in. */
export interface Visitor {
  /** The address that the request came from. */
  readonly address: string;
  /** What the browser says of itself. */
  readonly device: string | null;
}

export interface LoggedIn {
  readonly session: Session;
  /** The value of the cookie, of which only a hash is kept. */
  readonly cookie: string;
}

/** A code of a one-time link becomes a session of whoever was given it. */
@Injectable()
export class LogIn {
  private readonly wrongCodes = new WrongCodes();
  private waiting = 0;

  constructor(
    private readonly database: ServiceDatabase,
    private readonly codes: LoginCodeRepository,
    private readonly sessions: SessionRepository,
    private readonly people: PersonRepository,
    private readonly clock: Clock,
  ) {}

  /** @throws UserError 401 when the code is not good, 429 when too many were not */
  async logIn(code: string, { address, device }: Visitor): Promise<LoggedIn> {
    const isCounted = this.wrongCodes.count(address, this.clock.now());
    const hash = sha256(code);
    const known = CODE.test(code) ? await this.find(hash, isCounted) : null;
    // A good code opens even then: behind a proxy, all people may seem to have one address.
    const loggedIn = known === null ? null : await this.open(hash, known, device);
    if (loggedIn === null) throw isCounted ? notGood() : tooMany();
    if (isCounted) this.wrongCodes.takeBack(address);
    return loggedIn;
  }

  private async find(hash: Buffer, mayWait: boolean): Promise<LoginCode | null> {
    const found = await this.codes.find(hash);
    if (found !== null || !mayWait || this.waiting >= MOST_WAITING) return found;
    this.waiting += 1;
    try {
      return await this.findSoon(hash);
    } finally {
      this.waiting -= 1;
    }
  }

  private async findSoon(hash: Buffer): Promise<LoginCode | null> {
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      const found = await this.codes.find(hash);
      if (found !== null) return found;
    }
    return null;
  }

  private async open(hash: Buffer, { handle }: LoginCode, device: string | null): Promise<LoggedIn | null> {
    return this.database.transaction(async (tx) => {
      // The person is locked before the code, as where a person is edited.
      const role = handle === null ? 'admin' : await this.roleOf(tx, handle);
      const now = this.clock.now();
      if (role === null || !(await this.codes.use(tx, hash, now))) return null;
      const cookie = randomBytes(32).toString('base64url');
      const session: Session = {
        ...{ id: randomBytes(6).toString('hex'), version: 1, hash: sha256(cookie), handle, role, device },
        ...{ createdAt: now, lastSeenAt: now, expiresAt: new Date(now.getTime() + SESSION_MS) },
      };
      await this.sessions.add(tx, session);
      return { session, cookie };
    });
  }

  private async roleOf(tx: Tx, handle: string): Promise<Role | null> {
    const person = await this.people.find(tx.db, handle, 'for update');
    return person === null ? null : roleOf(person);
  }
}

function notGood(): UserError {
  return new UserError(401, 'This link was used already or has expired: ask for a new one, with /login in the chat.');
}

function tooMany(): UserError {
  return new UserError(429, 'Too many links that open nothing came from your address: wait a minute.');
}
