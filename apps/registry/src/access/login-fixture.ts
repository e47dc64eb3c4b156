/** Links, codes and browsers for the tests of who is logged in. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LoginOffered, type Page, type PrincipalView, type Problem, type SessionView } from '@recert/contracts';
import { sha256, type Clock } from '@recert/service-kit';
import { type Reply, type RunningRegistry } from '../fixtures/running-registry';
import { AdminLinks } from './sessions';

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
/** What a browser sends from our own pages. */
export const ours = { 'sec-fetch-site': 'same-origin' };

const SAFE = new Set(['get', 'head', 'options']);

/** A route that changes something and is not for everybody. */
export interface ChangingRoute {
  readonly method: string;
  readonly path: string;
  /** Who may use it. */
  readonly rule: string;
}

/** All of them, as the registry itself describes them. */
export async function changingRoutes(registry: RunningRegistry): Promise<ChangingRoute[]> {
  const { paths } = await registry.ask<{ paths: Record<string, Record<string, { 'x-access': string }>> }>(
    'GET',
    '/api/openapi.json',
  );
  return (
    Object.entries(paths)
      .flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ method, path, rule: operation['x-access'] })),
      )
      // Webhooks look at their own proof, and neither at cookies nor at roles.
      .filter(({ method, rule }) => !SAFE.has(method) && rule !== 'public' && !/^(token|header):/.test(rule))
      .map((route) => ({ ...route, method: route.method.toUpperCase() }))
  );
}

export function newCode(): string {
  return randomBytes(24).toString('base64url');
}

/** What the notifier says when it gives somebody a link. */
export function offerOf(handle: string, code: string, at: Date, validMs = 5 * MINUTE): LoginOffered {
  const expiresAt = new Date(at.getTime() + validMs);
  return {
    ...{ handle, codeHash: sha256(code).toString('hex') },
    ...{ offeredAt: at.toISOString(), expiresAt: expiresAt.toISOString() },
  };
}

/** What browsers and the notifier do to a registry. */
export class Logins {
  constructor(
    private readonly registry: () => RunningRegistry,
    private readonly clock: Clock,
  ) {}

  /** The code of a link as it is printed at the start. */
  async adminCode(): Promise<string> {
    const link = await this.registry().process.app.get(AdminLinks, { strict: false }).create();
    return link.split('#')[1]!;
  }

  /** A code that the notifier gave to a person and that the registry has heard of. */
  async codeOf(handle: string, code = newCode()): Promise<string> {
    await this.registry().hear(LoginOffered, offerOf(handle, code, this.clock.now()));
    for (let n = 0; n < 500 && !(await this.knows(code)); n += 1) await sleep(10);
    expect(await this.knows(code)).toBe(true);
    return code;
  }

  async knows(code: string): Promise<boolean> {
    const rows = await this.registry().database.query('select 1 from login_code where hash = $1', [sha256(code)]);
    return rows.length > 0;
  }

  logIn(code: string, headers: Record<string, string> = {}): Promise<Reply<PrincipalView & Problem>> {
    return this.registry().request('POST', '/api/session', { body: { code }, token: null, headers });
  }

  /** A browser in which a person is logged in. */
  async browserOf(handle: string, device = 'Firefox'): Promise<Browser> {
    return this.browser(await this.codeOf(handle), device);
  }

  async adminBrowser(): Promise<Browser> {
    return this.browser(await this.adminCode(), 'Firefox');
  }

  private async browser(code: string, device: string): Promise<Browser> {
    const reply = await this.logIn(code, { 'user-agent': device });
    expect(reply.status).toBe(200);
    return new Browser(this.registry, cookieOf(reply));
  }
}

/** The part of a reply's cookie that a browser sends back. */
export function cookieOf({ headers }: { headers: Headers }): string {
  return headers.getSetCookie()[0]!.split(';')[0]!;
}

export class Browser {
  constructor(
    private readonly registry: () => RunningRegistry,
    readonly cookie: string,
  ) {}

  /** SHA-256 of the cookie's value, in hex. */
  get hash(): string {
    return sha256(this.cookie.split('=')[1]!).toString('hex');
  }

  ask<T = Problem>(method: string, path: string, body?: unknown, headers: object = ours): Promise<Reply<T>> {
    const all = { cookie: this.cookie, ...headers };
    return this.registry().request<T>(method, path, {
      ...{ token: null, headers: all },
      ...(body === undefined ? {} : { body }),
    });
  }

  /** Who the registry takes it for; null when it is logged out. */
  async me(): Promise<PrincipalView | null> {
    const reply = await this.ask<PrincipalView>('GET', '/api/session');
    return reply.status === 401 ? null : reply.body;
  }

  async sessions(query = ''): Promise<SessionView[]> {
    return [...(await this.ask<Page<SessionView>>('GET', `/api/sessions${query}`)).body.items];
  }
}
