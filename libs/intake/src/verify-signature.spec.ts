import { createHmac, createSecretKey } from 'node:crypto';
import { isSigned } from './verify-signature';

const SECRETS = ['the-secret-of-before', 'the-secret-from-now-on'];
const KEYS = SECRETS.map((secret) => createSecretKey(secret, 'utf8'));
const body = Buffer.from('{"action":"created","title":"\\u00fc"}');
const sign = (secret: string, bytes: Buffer = body): string => createHmac('sha256', secret).update(bytes).digest('hex');

describe('the signature of a body', () => {
  it('is made with any of the secrets', () => {
    for (const secret of SECRETS) expect(isSigned(body, sign(secret), KEYS)).toBe(true);
    expect(isSigned(body, sign(SECRETS[0]!).toUpperCase(), KEYS)).toBe(true);
  });

  it('is of these very bytes', () => {
    const same = Buffer.from(JSON.stringify(JSON.parse(body.toString())));
    expect(isSigned(same, sign(SECRETS[0]!), KEYS)).toBe(false);
    expect(isSigned(Buffer.concat([body, Buffer.from(' ')]), sign(SECRETS[0]!), KEYS)).toBe(false);
  });

  it.each([
    [undefined],
    [''],
    ['0'],
    [['a', 'b']],
    ['x'.repeat(10_000)],
    [sign('another-secret-than-those')],
    [sign(SECRETS[0]!).slice(1)],
  ])('is not %j', (signature) => {
    expect(isSigned(body, signature, KEYS)).toBe(false);
  });

  it('is never right without a secret', () => {
    expect(isSigned(body, sign(''), [])).toBe(false);
    expect(isSigned(body, '', [])).toBe(false);
  });
});
