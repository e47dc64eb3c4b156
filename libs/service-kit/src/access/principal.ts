import { createHash, timingSafeEqual } from 'node:crypto';
import { createParamDecorator, Injectable, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { type Role } from '@recert/contracts';

/** Who sends a request. */
export interface Principal {
  /** What stands in the history as `by`: a person's handle, or `admin` for the token of first use. */
  readonly name: string;
  /** The person, or null for a token that belongs to nobody. */
  readonly handle: string | null;
  /** `none` for a token that may do what its scopes say and nothing else. */
  readonly role: Role | 'none';
  readonly scopes: readonly string[];
  readonly via: 'token' | 'session';
}

/** The rule of a route. `public` routes carry their own proof or show nothing of anybody. */
export type Rule = 'public' | Role | `scope:${string}`;
export const ACCESS_RULE = Symbol('access rule');

/** Every route states its rule; one without is refused to everybody. */
export const Access = (rule: Rule) => SetMetadata(ACCESS_RULE, rule);

/** The sender of the request, for routes that are not public. */
export const Sender = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  return context.switchToHttp().getRequest<{ principal: Principal }>().principal;
});

/** Knows a kind of credential, or returns null when it does not. */
export interface Authenticator {
  bearer?(token: string): Promise<Principal | null>;
  session?(cookie: string): Promise<Principal | null>;
}

const RANK: Readonly<Record<Role | 'none', number>> = { none: -1, viewer: 0, owner: 1, admin: 2 };

export function mayPass(principal: Principal, rule: Exclude<Rule, 'public'>): boolean {
  if (principal.scopes.includes('admin') || principal.role === 'admin') return true;
  if (rule.startsWith('scope:')) return principal.scopes.includes(rule.slice('scope:'.length));
  return RANK[principal.role] >= RANK[rule as Role];
}

/** All the ways of this process to know who somebody is. The registry adds tokens and sessions of its own. */
@Injectable()
export class Identities {
  private readonly authenticators: Authenticator[] = [];

  add(authenticator: Authenticator): void {
    this.authenticators.push(authenticator);
  }

  async bearer(token: string): Promise<Principal | null> {
    for (const authenticator of this.authenticators) {
      const principal = await authenticator.bearer?.(token);
      if (principal) return principal;
    }
    return null;
  }

  async session(cookie: string): Promise<Principal | null> {
    for (const authenticator of this.authenticators) {
      const principal = await authenticator.session?.(cookie);
      if (principal) return principal;
    }
    return null;
  }
}

/** Who comes by a token: an admin, a viewer, or nobody but the bearer of its scopes. */
export function principalOfToken({ name, scopes }: Pick<Principal, 'name' | 'scopes'>): Principal {
  const role = scopes.includes('admin') ? 'admin' : scopes.includes('read') ? 'viewer' : 'none';
  return { name, handle: null, role, scopes, via: 'token' };
}

/** The token of the configuration, for first use. */
export function adminToken(configured: string | undefined): Authenticator {
  if (configured === undefined) return {};
  const expected = sha256(configured);
  return {
    bearer: async (token) =>
      timingSafeEqual(sha256(token), expected) ? principalOfToken({ name: 'admin', scopes: ['admin'] }) : null,
  };
}

/** What is kept of a secret. Secrets of ours have 128 bits or more: a plain hash is enough. */
export function sha256(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
