/** A service that knows tokens and sessions by itself, for the tests of this library. */
import { createHash, randomBytes } from 'node:crypto';
import { Controller, type DynamicModule, Get, Module } from '@nestjs/common';
import { type Delivery, done, OnEvent, type Outcome, ServiceDatabase } from '@recert/bus';
import { type DataOf, type EventContract, SessionChanged, TokenChanged } from '@recert/contracts';
import {
  Access,
  type Clock,
  DatabaseModule,
  type Principal,
  type RunningProcess,
  Sender,
  SESSION_COOKIE,
  startProcess,
} from '@recert/service-kit';
import { IdentityModule } from './identity.module';
import { identityMigrations } from './migrations';
import { KnownSessions } from './sessions/known-sessions';
import { KnownTokens } from './tokens/known-tokens';

const guestsDatabase = DatabaseModule.forService({ service: 'guests', migrations: identityMigrations });
const knownIdentities = IdentityModule.on(guestsDatabase);

@Controller()
class KnowTokenWhenTokenChanges {
  constructor(private readonly tokens: KnownTokens) {}

  @OnEvent(TokenChanged, { durable: 'guests.know-token-when-token-changes' })
  async handle(token: TokenChanged, { tx }: Delivery): Promise<Outcome> {
    await this.tokens.learn(tx, token);
    return done;
  }
}

@Controller()
class KnowSessionWhenSessionChanges {
  constructor(private readonly sessions: KnownSessions) {}

  @OnEvent(SessionChanged, { durable: 'guests.know-session-when-session-changes' })
  async handle(session: SessionChanged, { tx }: Delivery): Promise<Outcome> {
    await this.sessions.learn(tx, session);
    return done;
  }
}

@Controller()
class GuestsController {
  @Get('guest')
  @Access('viewer')
  guest(@Sender() sender: Principal): Principal {
    return sender;
  }

  @Get('host')
  @Access('admin')
  host(@Sender() sender: Principal): Principal {
    return sender;
  }
}

@Module({
  imports: [knownIdentities, guestsDatabase],
  controllers: [KnowTokenWhenTokenChanges, KnowSessionWhenSessionChanges, GuestsController],
})
export class GuestsModule {
  constructor(
    readonly database: ServiceDatabase,
    readonly tokens: KnownTokens,
  ) {}
}

/** Another service of the same process, which knows the same. */
export const neighbour = IdentityModule.on(
  DatabaseModule.forService({ service: 'neighbour', migrations: identityMigrations }),
);
/** As much of the registry as shows that it is there. */
export const registry = DatabaseModule.forService({ service: 'registry', migrations: [] });

/** A token as an admin gets it, and what the registry says of it. */
export function newToken(...scopes: string[]): { token: string; event: TokenChanged } {
  const id = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const event = { tokenId: id, version: 1, name: 'ci', hash: sha256(secret), scopes, product: null, active: true };
  return { token: `recert_${id}_${secret}`, event };
}

/** A cookie as a browser gets it, and what the registry says of it. */
export function newSession(change: Partial<SessionChanged> = {}): { cookie: string; event: SessionChanged } {
  const cookie = randomBytes(32).toString('base64url');
  const sessionId = randomBytes(6).toString('hex');
  return { cookie, event: { ...SessionChanged.example, sessionId, hash: sha256(cookie), ...change } };
}

export function sha256(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

export class GuestsService {
  readonly database: ServiceDatabase;
  readonly tokens: KnownTokens;

  private constructor(readonly running: RunningProcess) {
    const { database, tokens } = running.app.get(GuestsModule);
    this.database = database;
    this.tokens = tokens;
  }

  static async start(
    databaseUrl: string,
    clock?: Clock,
    beside: readonly DynamicModule[] = [],
  ): Promise<GuestsService> {
    const running = await startProcess(
      { name: 'guests', modules: () => [GuestsModule, ...beside] },
      { DATABASE_URL: databaseUrl, BUS_URL: databaseUrl, PORT: '0', LOG_LEVEL: 'silent' },
      clock,
    );
    return new GuestsService(running);
  }

  /** What the registry does. */
  async say<E extends EventContract>(event: E, data: DataOf<E>): Promise<void> {
    await this.database.transaction(async (tx) => void tx.publish(event, data));
  }

  /** @returns status and answer of a route for viewers, or of another one */
  async ask(headers: Record<string, string>, path = '/guest'): Promise<{ status: number; body: unknown }> {
    const response = await fetch(this.running.url + path, { headers });
    return { status: response.status, body: await response.json() };
  }

  byToken(token: string, path?: string): Promise<{ status: number; body: unknown }> {
    return this.ask({ authorization: `Bearer ${token}` }, path);
  }

  byCookie(cookie: string, path?: string): Promise<{ status: number; body: unknown }> {
    return this.ask({ cookie: `${SESSION_COOKIE}=${cookie}` }, path);
  }
}
