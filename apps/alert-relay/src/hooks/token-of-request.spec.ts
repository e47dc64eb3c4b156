import { tokenOfRequest } from './token-of-request';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const tokenOf = (authorization?: string, query = '') =>
  tokenOfRequest({ headers: authorization === undefined ? {} : { authorization }, query: new URLSearchParams(query) });

describe('the token of a request', () => {
  it.each([
    ['a bearer token', 'Bearer t0ken', ''],
    ['a bearer token in small letters', 'bearer t0ken', ''],
    ['the password of basic authentication', basic('anybody:t0ken'), ''],
    ['a password without a name', basic(':t0ken'), ''],
    ['a part of the address', undefined, 'token=t0ken'],
  ])('is %s', (_what, authorization, query) => {
    expect(tokenOf(authorization, query)).toBe('t0ken');
  });

  it('keeps the colons of a password', () => {
    expect(tokenOf(basic('anybody:a:b'))).toBe('a:b');
  });

  it.each([
    ['nothing', undefined, ''],
    ['another scheme', 'Digest t0ken', ''],
    ['a name alone', basic('t0ken'), ''],
    ['two words', 'Bearer t0 ken', ''],
    ['an address beside a header', 'Digest t0ken', 'token=t0ken'],
  ])('is not %s', (_what, authorization, query) => {
    expect(tokenOf(authorization, query)).toBeNull();
  });
});
