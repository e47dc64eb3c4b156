import { readReport } from './read-report';

const FORM = 'application/x-www-form-urlencoded';
const read = (contentType: string | undefined, body: string | Buffer, status: string | null = null) =>
  readReport({ contentType, status, body: Buffer.from(body) });

describe('what a task sends', () => {
  it.each([
    ['JSON', 'application/json', '{"status":"fail","log":"no disk"}', null],
    ['JSON that curl calls a form', FORM, '{"status":"fail","log":"no disk"}', null],
    ['a form', FORM, 'status=fail&log=no+disk', null],
    ['a form without a status, which the address has', FORM, 'log=no%20disk', 'fail'],
    ['a text, with the status in the address', 'text/plain; charset=utf-8', 'no disk', 'fail'],
    ['a text that curl calls a form', FORM, 'no disk', 'fail'],
    ['JSON without a status, which the address has', 'application/json', '{"log":"no disk"}', 'fail'],
  ])('may be %s', (_what, type, body, status) => {
    expect(read(type, body, status)).toEqual({ ok: true, report: { status: 'fail', log: 'no disk' } });
  });

  it('says of a release as a form what it says as JSON', () => {
    const said = { status: 'fail', version: 'v2', rolledBack: true, log: null };
    expect(read(FORM, 'status=fail&version=v2&rolledBack=true')).toEqual({ ok: true, report: said });
    expect(read(FORM, 'rolledBack=false', 'fail')).toMatchObject({ ok: true, report: { rolledBack: false } });
    const refused = { ok: false, detail: expect.stringContaining('rolledBack') as string };
    expect(read(FORM, 'status=fail&rolledBack=yes')).toEqual(refused);
  });

  it('may be nothing but a status in the address', () => {
    expect(read(undefined, '', 'success')).toEqual({ ok: true, report: { status: 'success', log: null } });
    expect(read(FORM, '', 'start')).toEqual({ ok: true, report: { status: 'start', log: null } });
  });

  it('says what the body says where the address says something else', () => {
    expect(read('application/json', '{"status":"fail"}', 'success')).toMatchObject({ report: { status: 'fail' } });
  });

  it.each([
    ['status', undefined, '', null],
    ['status', undefined, '', 'done'],
    ['status', 'application/json', '{}', null],
    ['status', 'application/json', '{"status":"SUCCESS"}', null],
    ['log', 'application/json', '{"status":"fail","log":7}', null],
    ['url', 'application/json', '{"status":"fail","url":"ftp://x"}', null],
    ['The body is not JSON', 'application/json', '{"status":', null],
    ['body', 'application/json', '7', null],
  ])('is refused with what to mend: %s', (field, type, body, status) => {
    expect(read(type, body, status)).toEqual({ ok: false, detail: expect.stringContaining(field) as string });
  });

  it('has a log of up to 100 KB, of which the last 10 are kept', () => {
    const kept = (log: string) => read('text/plain', log, 'fail');
    expect(kept('x'.repeat(10 * 1024))).toEqual({ ok: true, report: { status: 'fail', log: 'x'.repeat(10 * 1024) } });
    expect(kept(`${'x'.repeat(10 * 1024)}y`)).toEqual({
      ok: true,
      report: { status: 'fail', log: `…${'x'.repeat(10 * 1024 - 1)}y` },
    });
    expect(kept('x'.repeat(100 * 1024))).toMatchObject({ ok: true });
    expect(kept('x'.repeat(100 * 1024 + 1))).toMatchObject({ ok: false });
  });

  it('keeps nothing that no database takes', () => {
    const body = Buffer.from([0x61, 0x00, 0xff, 0x62]);
    expect(read('text/plain', body, 'fail')).toEqual({ ok: true, report: { status: 'fail', log: 'a\uFFFD\uFFFDb' } });
  });
});
