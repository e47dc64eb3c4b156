import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { sessionBody } from '@recert/contracts';
import {
  Access,
  KIT_CONFIG,
  parsed,
  Sender,
  SESSION_COOKIE,
  type KitConfig,
  type Principal,
} from '@recert/service-kit';
import { type z } from 'zod';
import { SESSION_MS, Sessions } from './sessions';

/** As much of a request and a reply as a cookie takes. */
interface WithCookies {
  readonly cookies: Readonly<Record<string, string | undefined>>;
}
interface WithHeaders {
  header(name: string, value: string): unknown;
}

/** Who is logged in. */
type Me = Pick<Principal, 'name' | 'handle' | 'role' | 'scopes' | 'via'>;

@Controller('api/session')
export class SessionController {
  constructor(
    private readonly sessions: Sessions,
    @Inject(KIT_CONFIG) private readonly config: KitConfig,
  ) {}

  /** A code of a one-time link becomes a session. */
  @Post()
  @HttpCode(200)
  @Access('public')
  async logIn(
    @Body(parsed(sessionBody)) { code }: z.output<typeof sessionBody>,
    @Res({ passthrough: true }) reply: WithHeaders,
  ): Promise<Me> {
    const secret = await this.sessions.logIn(code);
    reply.header('Set-Cookie', this.cookie(secret, SESSION_MS / 1000));
    reply.header('Cache-Control', 'no-store');
    return { name: 'admin', handle: null, role: 'admin', scopes: [], via: 'session' };
  }

  @Get()
  @Access('viewer')
  show(@Sender() { name, handle, role, scopes, via }: Principal): Me {
    return { name, handle, role, scopes, via };
  }

  @Delete()
  @HttpCode(204)
  @Access('viewer')
  async logOut(@Req() request: WithCookies, @Res({ passthrough: true }) reply: WithHeaders): Promise<void> {
    const secret = request.cookies[SESSION_COOKIE];
    if (secret !== undefined) await this.sessions.logOut(secret);
    reply.header('Set-Cookie', this.cookie('', 0));
  }

  /** Unreachable for scripts, and sent by our own pages only. */
  private cookie(value: string, maxAgeSeconds: number): string {
    const secure = this.config.PUBLIC_URL?.startsWith('https:') ? '; Secure' : '';
    return `${SESSION_COOKIE}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
  }
}
