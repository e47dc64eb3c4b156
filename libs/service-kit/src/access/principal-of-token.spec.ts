import { principalOfToken } from './principal';

describe('who comes by a token', () => {
  it.each([
    ['admin', ['admin']],
    ['admin', ['read', 'admin']],
    ['viewer', ['read']],
    ['viewer', ['kpi:lugha', 'read']],
    ['none', ['kpi:lugha', 'alerts:generic']],
    ['none', ['administrator', 'reader']],
    ['none', []],
  ])('has the role %s by the scopes %j', (role, scopes) => {
    expect(principalOfToken({ name: 'ci', scopes })).toEqual({ name: 'ci', handle: null, role, scopes, via: 'token' });
  });
});
