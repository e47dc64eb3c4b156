import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type FastifyRequest } from 'fastify';
import { UserError } from '../errors';
import { ACCESS_RULE, Identities, mayPass, type Principal, type Rule } from './principal';

export const SESSION_COOKIE = 'recert_session';
/** The same where there is https: no other host of the domain can set it. */
export const SECURE_SESSION_COOKIE = `__Host-${SESSION_COOKIE}`;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Holds every route to the rule it states. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly identities: Identities,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const rule = this.reflector.getAllAndOverride<Rule | undefined>(ACCESS_RULE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (rule === undefined) throw new UserError(403, 'This route states no access rule, so nobody may use it.');
    if (rule === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & { principal?: Principal }>();
    const principal = await this.identify(request);
    if (principal === null) throw new UserError(401, 'Send a valid token: Authorization: Bearer <token>.');
    if (!mayPass(principal, rule))
      throw new UserError(403, `This needs ${rule.replace('scope:', 'the scope ')}; ${whoIs(principal)}.`);
    request.principal = principal;
    return true;
  }

  private async identify(request: FastifyRequest): Promise<Principal | null> {
    const header = request.headers.authorization;
    if (header !== undefined) {
      const token = /^Bearer +([^\s]+)$/i.exec(header)?.[1];
      return token === undefined ? null : this.identities.bearer(token);
    }
    const cookie = sessionCookieOf(request.cookies);
    if (cookie === undefined) return null;
    if (!SAFE_METHODS.has(request.method) && !isSameOrigin(request)) {
      throw new UserError(403, 'This came from another site: state is changed from our own pages only.');
    }
    return this.identities.session(cookie);
  }
}

/** @returns the value of the session's cookie under either name, the one that cannot be forged first */
export function sessionCookieOf(cookies: Readonly<Record<string, string | undefined>>): string | undefined {
  return cookies[SECURE_SESSION_COOKIE] ?? cookies[SESSION_COOKIE];
}

function whoIs({ role, scopes }: Principal): string {
  return role === 'none' ? `your token is for ${scopes.join(', ')} only` : `you are ${role}`;
}

/** A browser says where a request comes from; one that says nothing is not trusted to change anything by cookie. */
function isSameOrigin(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = request.headers.origin;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === request.headers.host;
}
