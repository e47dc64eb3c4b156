import { alertRelayConfig } from './config';

const TOKEN = 'a-token-for-the-tests';

describe('the configuration of the alert relay', () => {
  it('asks Sentry for nothing and takes nothing from it when nothing is set', () => {
    expect(alertRelayConfig.parse({})).toEqual({
      SENTRY_CLIENT_SECRET: [],
      SENTRY_AUTH_TOKEN: undefined,
      SENTRY_ORG: undefined,
      SENTRY_API_ROOT: 'https://sentry.io',
      SENTRY_POLL: 120_000,
      SPOOL_DIR: undefined,
      SPOOL_MAX_BYTES: 128 * 1024 * 1024,
    });
  });

  it('takes one secret, or two while it changes', () => {
    const secretsOf = (text: string) => alertRelayConfig.parse({ SENTRY_CLIENT_SECRET: text }).SENTRY_CLIENT_SECRET;
    expect(secretsOf('0123456789abcdef')).toEqual(['0123456789abcdef']);
    expect(secretsOf('0123456789abcdef, fedcba9876543210')).toEqual(['0123456789abcdef', 'fedcba9876543210']);
  });

  it('takes an address of one’s own, and another pause', () => {
    const environment = { SENTRY_AUTH_TOKEN: TOKEN, SENTRY_ORG: 'acme', SENTRY_API_ROOT: 'http://sentry.test:9000/' };
    expect(alertRelayConfig.parse({ ...environment, SENTRY_POLL: 'PT30S' })).toMatchObject({
      ...{ SENTRY_API_ROOT: 'http://sentry.test:9000', SENTRY_POLL: 30_000, SENTRY_ORG: 'acme' },
    });
    expect(alertRelayConfig.parse({ SENTRY_POLL: 'PT1H' }).SENTRY_POLL).toBe(3_600_000);
  });

  it('wants an organisation beside a token', () => {
    expect(() => alertRelayConfig.parse({ SENTRY_AUTH_TOKEN: TOKEN })).toThrow(/SENTRY_ORG is missing.*e\.g\. acme/);
  });

  it.each([
    ['SENTRY_CLIENT_SECRET', '0123456789abcde'],
    ['SENTRY_CLIENT_SECRET', '0123456789abcdef,short'],
    ['SENTRY_CLIENT_SECRET', '0123456789abcdef,0123456789abcdef,0123456789abcdef'],
    ['SENTRY_AUTH_TOKEN', 'short'],
    ['SENTRY_ORG', 'no slug'],
    ['SENTRY_API_ROOT', 'sentry.test'],
    ['SENTRY_POLL', '2 minutes'],
    ['SENTRY_POLL', 'PT0S'],
  ])('refuses %s=%s without repeating it', (name, value) => {
    const parse = () => alertRelayConfig.parse({ [name]: value });
    expect(parse).toThrow(new RegExp(`${name} is malformed`));
    expect(parse).not.toThrow(value);
  });
});
