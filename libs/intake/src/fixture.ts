/** A service with two hooks, for the tests of this library: one opened by a token, one by a signature. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { Controller, Injectable, Module } from '@nestjs/common';
import { type Delivery, done, drop, OnEvent, type Outcome, ServiceDatabase, type Tx } from '@recert/bus';
import { defineEvent, TokenChanged } from '@recert/contracts';
import { DatabaseModule, type RunningProcess, startProcess } from '@recert/service-kit';
import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { z } from 'zod';
import { type Admission, type Hook, type HookRequest, type Received } from './hook';
import { IntakeModule } from './intake.module';
import { intakeMigrations } from './migrations';
import { KnownTokens } from './tokens/known-tokens';
import { KnownTokensModule } from './tokens/known-tokens.module';

export const ADMIN = 'an-admin-token-of-tests';
const SECRET = 'a-secret-of-the-sender';

/** What the hooks of this service say of everything that they handled. */
const Noted = defineEvent({
  subject: 'task.noted',
  says: 'Something came in.',
  publishers: ['registry'],
  consumers: ['scheduler'],
  schema: z.object({ text: z.string() }),
  example: { text: 'hello' },
});

class CreateNote implements MigrationInterface {
  readonly name = 'CreateNote1763800000200';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table note (at bigint generated always as identity, text text not null)');
  }
  async down(): Promise<void> {}
}

const database = DatabaseModule.forService({ service: 'notes', migrations: [...intakeMigrations, CreateNote] });
const tokens = KnownTokensModule.on(database);

/** Notes `{"text"}`; what the text says may go wrong. */
async function note({ body }: Received, tx: Tx): Promise<Outcome> {
  const { text } = JSON.parse(body.toString()) as { text?: unknown };
  if (typeof text !== 'string') return drop('text: it is missing');
  if (text.startsWith('fails')) throw new Error('a defect of the handler');
  await tx.db.query('insert into note (text) values ($1)', [text]);
  tx.publish(Noted, { text });
  return done;
}

@Injectable()
class TokenHook implements Hook {
  readonly name = 'notes';
  readonly path = '/hooks/notes/:target';
  readonly keptHeaders = ['x-kind'];
  readonly handle = note;

  constructor(private readonly tokens: KnownTokens) {}

  async admit({ headers, target }: HookRequest): Promise<Admission> {
    const token = await this.tokens.verify(headers.authorization, `kpi:${target}`);
    if (token === null) return { ok: false, status: 401, detail: 'Send a valid token.' };
    return { ok: true, sender: `token ${token.id}`, repeats: 'latest', limited: true, productId: token.productId };
  }
}

@Injectable()
class SignedHook implements Hook {
  readonly name = 'signed';
  readonly path = '/hooks/signed';
  readonly keptHeaders = [];
  readonly otherTypes = /^text\/plain/;
  readonly handle = note;

  async admit({ headers, body }: HookRequest): Promise<Admission> {
    if (headers['x-signature'] !== sign(body)) return { ok: false, status: 401, detail: 'Sign it.' };
    return { ok: true, sender: 'signer', repeats: 'signed', limited: false, productId: null };
  }
}

@Controller()
class KnowTokenWhenTokenChanges {
  constructor(private readonly tokens: KnownTokens) {}

  @OnEvent(TokenChanged, { durable: 'notes.know-token-when-token-changes' })
  async handle(event: TokenChanged, { tx }: Delivery): Promise<Outcome> {
    await this.tokens.learn(tx, event);
    return done;
  }
}

@Module({
  imports: [tokens],
  controllers: [KnowTokenWhenTokenChanges],
  providers: [TokenHook, SignedHook],
  exports: [TokenHook, SignedHook],
})
class HooksModule {}

@Module({ imports: [database, IntakeModule.on(database, { imports: [HooksModule], hooks: [TokenHook, SignedHook] })] })
class NotesModule {}

/** What a sender hears. */
export interface Answer {
  id: string;
  status: number;
}

export function sign(body: string | Buffer): string {
  return createHmac('sha256', SECRET).update(body).digest('hex');
}

/** A token as an admin gets it, and what the registry says of it. */
export function newToken(scope: string): { token: string; event: TokenChanged } {
  const id = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(secret).digest('hex');
  const event = { tokenId: id, version: 1, name: 'a token', hash, scopes: [scope], product: null, active: true };
  return { token: `recert_${id}_${secret}`, event };
}

export class NotesService {
  readonly database: ServiceDatabase;

  private constructor(readonly running: RunningProcess) {
    this.database = running.app.get(ServiceDatabase, { strict: false });
  }

  static async start(databaseUrl: string, environment: Record<string, string> = {}): Promise<NotesService> {
    const running = await startProcess(
      { name: 'notes', modules: () => [NotesModule] },
      {
        ...{ DATABASE_URL: databaseUrl, BUS_URL: databaseUrl, PORT: '0', LOG_LEVEL: 'silent' },
        ...{ RECERT_ADMIN_TOKEN: ADMIN, ...environment },
      },
    );
    return new NotesService(running);
  }

  /** What the registry does when a token is made or revoked. */
  async say(event: TokenChanged): Promise<void> {
    await this.database.transaction(async (tx) => void tx.publish(TokenChanged, event));
  }

  async post(path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
    const type = { 'content-type': 'application/json' };
    return fetch(this.running.url + path, { method: 'POST', body, headers: { ...type, ...headers } });
  }

  async notes(): Promise<string[]> {
    return (await this.database.query<{ text: string }>('select text from note order by at')).map(({ text }) => text);
  }
}
