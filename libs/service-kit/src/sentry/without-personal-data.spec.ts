import { type ErrorEvent } from '@sentry/node';
import { withoutPersonalData } from './without-personal-data';

const event: ErrorEvent = {
  type: undefined,
  event_id: 'e1',
  level: 'error',
  server_name: 'registry',
  release: 'recert-registry@0.1.0',
  message: 'cannot invite anna@example.org',
  request: {
    url: 'https://recert.example.org/api?x=CANARY-url',
    headers: { cookie: 'CANARY-header' },
    cookies: { recert_session: 'CANARY-cookie' },
    query_string: 'CANARY-query',
    data: { name: 'CANARY-body' },
  },
  user: { id: 'CANARY-user', ip_address: '203.0.113.9' },
  extra: { body: 'CANARY-extra' },
  contexts: {
    runtime: { name: 'node', version: 'v24' },
    state: { state: { type: 'x', value: { of: 'CANARY-state' } } },
  },
  tags: { service: 'registry', correlationId: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d30', context: 'CANARY-secret' },
  fingerprint: ['registry | CANARY-secret'],
  breadcrumbs: [{ category: 'http', message: 'asked anna@example.org', data: { url: 'CANARY-crumb' } }],
  exception: {
    values: [
      {
        type: 'QueryFailedError',
        value: 'invalid input syntax for type integer: "CANARY Muster", relation "process"',
        mechanism: { type: 'log', handled: true, data: { of: 'CANARY-mechanism' } },
        stacktrace: {
          frames: [
            {
              filename: '/home/CANARY-home/recert/libs/bus/dist/transaction.js',
              ...{ abs_path: '/home/CANARY-home/recert/libs/bus/dist/transaction.js', function: 'publish', lineno: 3 },
              ...{ vars: { name: 'CANARY-var' }, context_line: 'const a = "CANARY-line"' },
            },
          ],
        },
      },
    ],
  },
};

describe('what leaves for Sentry', () => {
  const left = withoutPersonalData(event, ['CANARY-secret']);

  it('has nothing of a request, a user, variables or folders in it', () => {
    expect(JSON.stringify(left)).not.toMatch(/CANARY|anna|203\.0/);
    expect(Object.keys(left)).not.toEqual(expect.arrayContaining(['request']));
  });

  it('says what a bug is found by', () => {
    expect(left).toMatchObject({
      ...{ event_id: 'e1', level: 'error', server_name: 'registry', release: 'recert-registry@0.1.0' },
      message: 'cannot invite [e-mail]',
      tags: { service: 'registry', correlationId: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d30' },
      contexts: { runtime: { name: 'node', version: 'v24' } },
      exception: {
        values: [
          {
            type: 'QueryFailedError',
            value: 'invalid input syntax for type integer: "[quoted]", relation "process"',
            stacktrace: {
              frames: [{ filename: 'app:///libs/bus/dist/transaction.js', function: 'publish', lineno: 3 }],
            },
          },
        ],
      },
    });
  });

  it('keeps an apostrophe within a word, and cuts what is endless', () => {
    const said = (message: string): string | undefined => withoutPersonalData({ type: undefined, message }, []).message;
    expect(said("it doesn't do what the handler's author meant")).toBe("it doesn't do what the handler's author meant");
    expect(said(`Unexpected token 'A', "Anna Mus"... is not valid JSON`)).not.toContain('Anna');
    expect(said('x y '.repeat(1_000))).toHaveLength(1_000);
  });
});
