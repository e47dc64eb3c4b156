import { secretsIn } from './secrets-in';

describe('the secrets of an environment', () => {
  const of = (environment: Record<string, string>): readonly string[] =>
    secretsIn(environment, (name) => environment[name] ?? environment[`${name}_FILE`]);

  it('are what is called so, each part of a list, longest first', () => {
    expect(
      of({ RECERT_ADMIN_TOKEN: 'tokentoken', SENTRY_CLIENT_SECRET: 'first-secret, second', PORT: '300000' }),
    ).toEqual(['first-secret', 'tokentoken', 'second']);
  });

  it('are passwords within urls, as they are written and as they are meant', () => {
    expect(
      of({ DATABASE_URL: 'postgres://u:p%40ssword@db/recert', BUS_URL_OTHER: 'nats://u:other1@n:4222,nats://n' }),
    ).toEqual(['p%40ssword', 'p@ssword', 'other1']);
  });

  it('are what lies in files', () => {
    expect(of({ TELEGRAM_BOT_TOKEN_FILE: '700001:AAA' })).toEqual(['700001:AAA']);
  });

  it('have six characters at least: what is shorter stands in the middle of words', () => {
    expect(of({ A_TOKEN: '12345', B_TOKEN: '123456' })).toEqual(['123456']);
  });
});
