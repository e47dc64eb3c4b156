import { parseBody } from './parse-body';

const MULTIPART = 'multipart/form-data; boundary=frontier';
const part = (name: string, value: string): string =>
  `--frontier\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

describe('a body', () => {
  it('is JSON, with a mark of its byte order or without', async () => {
    expect(await parseBody('application/json', Buffer.from('{"a":1}'), 'data')).toEqual({ ok: true, value: { a: 1 } });
    expect(await parseBody(undefined, Buffer.from('\uFEFF{"a":1}'), 'data')).toEqual({ ok: true, value: { a: 1 } });
  });

  it('may be a form with JSON in its field data', async () => {
    const multipart = Buffer.from(`${part('other', 'x')}${part('data', '{"msg":"ü"}')}--frontier--\r\n`);
    expect(await parseBody(MULTIPART, multipart, 'data')).toEqual({ ok: true, value: { msg: 'ü' } });
    const encoded = Buffer.from(new URLSearchParams({ data: '{"msg":"ü"}' }).toString());
    expect(await parseBody('application/x-www-form-urlencoded', encoded, 'data')).toEqual({
      ok: true,
      value: { msg: 'ü' },
    });
  });

  it.each([
    ['JSON that is none', 'application/json', '{', expect.stringMatching(/^The body is not JSON: /)],
    ['nothing', 'application/json', '', 'The body is empty: send JSON.'],
    ['nested too deep', 'application/json', '['.repeat(100_000), expect.stringMatching(/64 levels/)],
    [
      'a form whose field is nested too deep',
      MULTIPART,
      `${part('data', '['.repeat(100_000))}--frontier--\r\n`,
      expect.stringMatching(/64 levels/),
    ],
    [
      'a form without the field',
      MULTIPART,
      `${part('other', '{}')}--frontier--\r\n`,
      'data: the form has no such field',
    ],
    ['a form that is none', MULTIPART, 'nonsense', 'data: the form has no such field'],
    [
      'a form whose field is no JSON',
      MULTIPART,
      `${part('data', '{')}--frontier--\r\n`,
      expect.stringMatching(/not JSON/),
    ],
  ])('cannot be %s', async (_what, type, body, reason) => {
    expect(await parseBody(type, Buffer.from(body), 'data')).toEqual({
      ok: false,
      reason: reason as string,
    });
  });
});
