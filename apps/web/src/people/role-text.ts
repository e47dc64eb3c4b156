import { type Person } from './people-queries';

type Role = Person['roles'][number];

export interface RoleText {
  readonly role: Role;
  readonly label: string;
  /** What it lets somebody do. */
  readonly says: string;
}

/** From the least to the most; each may do what those before it may. */
export const ROLES: readonly RoleText[] = [
  { role: 'viewer', label: 'Viewer', says: 'sees everything, changes nothing' },
  { role: 'owner', label: 'Owner', says: 'is asked about processes, and answers' },
  { role: 'admin', label: 'Admin', says: 'changes people, settings and owners, and is told what goes wrong' },
];

/** "owner, admin", always in the same order; "none" for somebody who may not log in. */
export function rolesText(roles: readonly Role[]): string {
  const held = ROLES.filter(({ role }) => roles.includes(role)).map(({ role }) => role);
  return held.length === 0 ? 'none' : held.join(', ');
}
