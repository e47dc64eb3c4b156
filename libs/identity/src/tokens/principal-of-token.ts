import { type Principal } from '@recert/service-kit';

/** Who comes by a token: an admin, a viewer, or nobody but the bearer of its scopes. */
export function principalOfToken({ name, scopes }: Pick<Principal, 'name' | 'scopes'>): Principal {
  const role = scopes.includes('admin') ? 'admin' : scopes.includes('read') ? 'viewer' : 'none';
  return { name, handle: null, role, scopes, via: 'token' };
}
