/** A service with two hooks, for the tests of this library: one opened by a token, one by a signature. */
import { createHmac, randomBytes } from 'node:crypto';
import { type DynamicModule, Global, Injectable, Module } from '@nestjs/common';
import { done, drop, type Outcome, ServiceDatabase, type Tx } from '@recert/bus';
import { defineEvent } from '@recert/contracts';
import {
  DatabaseModule,
  defineConfig,
  DescribeHook,
  type Environment,
  type RunningProcess,
  startProcess,
} from '@recert/service-kit';
import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { z } from 'zod';
import { type Admission, type Hook, type HookRequest, type Received } from './hook';
import { IntakeModule } from './intake.module';
import { intakeMigrations } from './migrations';
import { parseBody } from './parse-body';
import { spoolVariables } from './spool/spool-config';

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

const noteBody = z.object({ text: z.string() });

/** Notes `{"text"}`; what the text says may go wrong. */
async function note({ headers, body }: Received, tx: Tx): Promise<Outcome> {
  const parsed = await parseBody(headers['content-type'], body, 'note');
  if (!parsed.ok) return drop(parsed.reason);
  const { text } = (parsed.value ?? {}) as { text?: unknown };
  if (typeof text !== 'string') return drop('text: it is missing');
  if (text.startsWith('fails')) throw new Error('a defect of the handler');
  await tx.db.query('insert into note (text) values ($1)', [text]);
  tx.publish(Noted, { text });
  return done;
}

@DescribeHook({
  path: '/hooks/notes/{target}',
  says: 'A note.',
  body: noteBody,
  emits: [Noted],
  proof: { token: '{target}' },
})
@Injectable()
class TokenHook implements Hook {
  readonly name = 'notes';
  readonly keptHeaders = ['x-kind'];
  readonly handle = note;

  admit({ headers, target }: HookRequest): Admission {
    const [, id, proof] = /^Bearer (\w+)\.(\w+)$/.exec(headers.authorization ?? '') ?? [];
    if (id === undefined || proof !== sign(`${target} ${id}`))
      return { ok: false, status: 401, detail: 'Send a valid token.' };
    return { ok: true, sender: `token ${id}`, repeats: 'latest', limited: true, productId: null };
  }
}

@DescribeHook({
  path: '/hooks/signed',
  says: 'A note.',
  body: noteBody,
  proof: { header: 'X-Signature', says: 'HMAC-SHA256 of the body.' },
})
@Injectable()
class SignedHook implements Hook {
  readonly name = 'signed';
  readonly keptHeaders = [];
  readonly otherTypes = /^text\/plain/;
  readonly handle = note;

  async admit({ headers, body }: HookRequest): Promise<Admission> {
    if (headers['x-signature'] !== sign(body)) return { ok: false, status: 401, detail: 'Sign it.' };
    return { ok: true, sender: 'signer', repeats: 'signed', limited: false, productId: null };
  }
}

@Module({ providers: [TokenHook, SignedHook], exports: [TokenHook, SignedHook] })
class HooksModule {}

const notesConfig = defineConfig(spoolVariables);
const NOTES_CONFIG = Symbol('notes config');

@Global()
@Module({})
class NotesModule {
  static forRoot(environment: Environment): DynamicModule {
    const hooks = { imports: [HooksModule], hooks: [TokenHook, SignedHook], config: NOTES_CONFIG };
    return {
      module: NotesModule,
      imports: [database, IntakeModule.on(database, hooks)],
      providers: [{ provide: NOTES_CONFIG, useValue: notesConfig.parse(environment) }],
      exports: [NOTES_CONFIG],
    };
  }
}

/** What a sender hears. */
export interface Answer {
  id: string;
  status: number;
}

export function sign(body: string | Buffer): string {
  return createHmac('sha256', SECRET).update(body).digest('hex');
}

/** A token that opens one target, and proves it by itself: whom a hook believes is not the intake's to know. */
export function newToken(target: string): { id: string; authorization: string } {
  const id = randomBytes(6).toString('hex');
  return { id, authorization: `Bearer ${id}.${sign(`${target} ${id}`)}` };
}

export class NotesService {
  readonly database: ServiceDatabase;

  private constructor(readonly running: RunningProcess) {
    this.database = running.app.get(ServiceDatabase, { strict: false });
  }

  static async start(databaseUrl: string, environment: Record<string, string> = {}): Promise<NotesService> {
    const running = await startProcess(
      { name: 'notes', modules: (given) => [NotesModule.forRoot(given)] },
      {
        ...{ DATABASE_URL: databaseUrl, BUS_URL: databaseUrl, PORT: '0', LOG_LEVEL: 'silent' },
        ...{ RECERT_ADMIN_TOKEN: ADMIN, ...environment },
      },
    );
    return new NotesService(running);
  }

  async post(path: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
    const type = { 'content-type': 'application/json' };
    return fetch(this.running.url + path, { method: 'POST', body, headers: { ...type, ...headers } });
  }

  async notes(): Promise<string[]> {
    return (await this.database.query<{ text: string }>('select text from note order by at')).map(({ text }) => text);
  }
}
