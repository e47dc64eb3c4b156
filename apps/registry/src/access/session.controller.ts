import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { adminLinkView, principalView, sessionBody, type AdminLinkView, type PrincipalView } from '@recert/contracts';
import {
  Access,
  Describe,
  KIT_CONFIG,
  ownAddress,
  parsed,
  SECURE_SESSION_COOKIE,
  Sender,
  SESSION_COOKIE,
  UserError,
  type KitConfig,
  type Principal,
  type WithAddress,
} from '@recert/service-kit';
import { type z } from 'zod';
import { LogIn } from './log-in';
import { nameOf } from './session';
import { forgetCookies, keepCookie } from './session-cookie';
import { AdminLinks, Sessions } from './sessions';

const MOST_OF_DEVICE = 200;
const WAIT_SECONDS = 60;

/** As much of a request and a reply as a login takes. */
interface Visit {
  /** Where it comes from and how, also through a proxy that is trusted. */
  readonly ip: string;
  readonly protocol: string;
  readonly headers: { readonly 'user-agent'?: string };
}
interface WithCookies {
  readonly cookies: Readonly<Record<string, string | undefined>>;
}
interface WithHeaders {
  header(name: string, value: string | string[]): unknown;
}

@Controller('api/session')
export class SessionController {
  constructor(
    private readonly logins: LogIn,
    private readonly sessions: Sessions,
    private readonly adminLinks: AdminLinks,
    @Inject(KIT_CONFIG) private readonly config: KitConfig,
  ) {}

  @Post()
  @HttpCode(200)
  @Access('public')
  @Describe({
    says: 'A code of a one-time link becomes a session, which the browser keeps as a cookie.',
    body: sessionBody,
    answer: principalView,
  })
  async logIn(
    @Body(parsed(sessionBody)) { code }: z.output<typeof sessionBody>,
    @Req() request: Visit,
    @Res({ passthrough: true }) reply: WithHeaders,
  ): Promise<PrincipalView> {
    const visitor = { address: request.ip, device: deviceOf(request) };
    const { session, cookie } = await this.logins.logIn(code, visitor).catch((error: unknown) => {
      if (error instanceof UserError && error.status === 429) reply.header('Retry-After', String(WAIT_SECONDS));
      throw error;
    });
    reply.header('Set-Cookie', keepCookie(cookie, this.isHttps(request)));
    reply.header('Cache-Control', 'no-store');
    return { name: nameOf(session), handle: session.handle, role: session.role, scopes: [], via: 'session' };
  }

  @Get()
  @Access('viewer')
  @Describe({ says: 'Who sends this request.', answer: principalView })
  show(@Sender() { name, handle, role, scopes, via }: Principal): PrincipalView {
    return { name, handle, role, scopes: [...scopes], via };
  }

  @Delete()
  @HttpCode(204)
  @Access('viewer')
  @Describe({ says: 'Logs this browser out.', answer: null })
  async logOut(@Req() request: WithCookies, @Res({ passthrough: true }) reply: WithHeaders): Promise<void> {
    for (const name of [SECURE_SESSION_COOKIE, SESSION_COOKIE]) {
      const cookie = request.cookies[name];
      if (cookie !== undefined) await this.sessions.logOut(cookie);
    }
    reply.header('Set-Cookie', forgetCookies());
  }

  /** A session makes no other: whoever was made an admin for a while would keep a way in. */
  @Post('link')
  @HttpCode(201)
  @Header('Cache-Control', 'no-store')
  @Access('admin')
  @Describe({
    says: 'A one-time link that logs an admin in, within a day; for whoever holds the admin token of the installation.',
    answer: adminLinkView,
  })
  async link(@Sender() sender: Principal, @Req() request: WithAddress): Promise<AdminLinkView> {
    if (sender.via !== 'token') throw new UserError(403, 'Only an API token with all rights makes such a link.');
    return { url: ownAddress(request, this.config.PUBLIC_URL) + (await this.adminLinks.create()) };
  }

  private isHttps({ protocol }: Visit): boolean {
    return protocol === 'https' || this.config.PUBLIC_URL?.startsWith('https:') === true;
  }
}

function deviceOf({ headers }: Visit): string | null {
  const said = headers['user-agent']?.trim().slice(0, MOST_OF_DEVICE) ?? '';
  return said === '' ? null : said;
}
