import { type Role } from '@recert/contracts';
import { highestRole, roleOf } from './highest-role';

describe('the highest role', () => {
  it.each<[readonly Role[], Role | null]>([
    [[], null],
    [['viewer'], 'viewer'],
    [['owner', 'viewer'], 'owner'],
    [['viewer', 'owner', 'admin'], 'admin'],
  ])('of %j is %s', (roles, expected) => expect(highestRole(roles)).toBe(expected));

  it('is none while somebody is switched off', () => {
    expect(roleOf({ active: true, roles: ['owner'] })).toBe('owner');
    expect(roleOf({ active: false, roles: ['owner'] })).toBeNull();
  });
});
