import { adminToken, mayPass, type Principal } from './principal';

const viewer: Principal = { name: 'v', handle: 'v', role: 'viewer', scopes: [], via: 'session' };
const owner: Principal = { ...viewer, role: 'owner' };
const admin: Principal = { ...viewer, role: 'admin' };
const importer: Principal = { name: 'ci', handle: null, role: 'viewer', scopes: ['library:import'], via: 'token' };

describe('the rule of a route', () => {
  it.each([
    ['viewer', [true, true, true]],
    ['owner', [false, true, true]],
    ['admin', [false, false, true]],
  ] as const)('%s lets through that role and those above it', (rule, expected) => {
    expect([viewer, owner, admin].map((principal) => mayPass(principal, rule))).toEqual(expected);
  });

  it('of a scope lets through a token with that scope, and an admin', () => {
    expect(mayPass(importer, 'scope:library:import')).toBe(true);
    expect(mayPass(importer, 'scope:kpi:lugha')).toBe(false);
    expect(mayPass(admin, 'scope:kpi:lugha')).toBe(true);
    expect(mayPass(owner, 'scope:library:import')).toBe(false);
  });
});

describe('the admin token of the configuration', () => {
  it('is known by its whole text only', async () => {
    const { bearer } = adminToken('a-long-enough-secret');
    expect(await bearer?.('a-long-enough-secret')).toMatchObject({ role: 'admin', handle: null });
    expect(await bearer?.('a-long-enough-secre')).toBeNull();
    expect(await bearer?.('')).toBeNull();
  });

  it('opens nothing when there is none', () => {
    expect(adminToken(undefined).bearer).toBeUndefined();
  });
});
