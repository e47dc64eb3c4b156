import { type Role } from '@recert/contracts';
import { type Person } from '../people/person';

const FROM_THE_TOP: readonly Role[] = ['admin', 'owner', 'viewer'];

/** What somebody may do who has several roles; null for somebody who has none. */
export function highestRole(roles: readonly Role[]): Role | null {
  return FROM_THE_TOP.find((role) => roles.includes(role)) ?? null;
}

/** What a person may do at present; null for nothing at all. */
export function roleOf({ active, roles }: Pick<Person, 'active' | 'roles'>): Role | null {
  return active ? highestRole(roles) : null;
}
