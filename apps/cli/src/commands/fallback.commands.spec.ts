import { type FallbackMessageView, type FallbackView } from '@recert/contracts';
import { recert as recertAt, ServiceStub } from '../service-stub';

const AT = '2026-11-30T09:00:00.000Z';
const message = (id: number, of: Partial<FallbackMessageView> = {}): FallbackMessageView => ({
  ...{ id, way: 'ntfy', kind: 'test', state: 'sent', attempts: 1, error: null, createdAt: AT, sentAt: AT },
  ...of,
});
const view = (messages: FallbackMessageView[], since: string | null = null): FallbackView => ({
  ...{ ways: ['ntfy', 'mail'], since, messages },
});

describe('the command', () => {
  let stub: ServiceStub;
  let url: string;

  beforeEach(async () => {
    stub = new ServiceStub();
    url = await stub.start();
  });
  afterEach(() => stub.stop());

  const recert = (line: string) => recertAt(line, { RECERT_URL: url });

  it('fallback test waits for what becomes of its own messages, and is done when all were sent', async () => {
    const waiting = { state: 'waiting', attempts: 0 } as const;
    stub.answer('POST /api/fallback/test', 202, [{ messages: [7, 8] }]);
    stub.answer('GET /api/fallback', 200, [
      view([message(8, { way: 'mail', ...waiting }), message(7)]),
      view([message(8, { way: 'mail' }), message(7), message(6, { state: 'failed', error: 'of before' })]),
    ]);
    expect(await recert('fallback test')).toEqual({
      code: 0,
      out: 'ntfy: sent. Look whether it has arrived.\nmail: sent. Look whether it has arrived.\n',
      err: '',
    });
  });

  it('fallback test says what went wrong, also where it is tried again', async () => {
    stub.answer('POST /api/fallback/test', 202, [{ messages: [7, 8] }]);
    const away = { way: 'mail', state: 'waiting', error: 'the mail server was not reached: ECONNREFUSED' } as const;
    stub.answer('GET /api/fallback', 200, [view([message(8, away), message(7)])]);
    const { code, out, err } = await recert('fallback test');
    expect([code, out]).toEqual([1, 'ntfy: sent. Look whether it has arrived.\n']);
    expect(err).toContain('mail: test waiting, the mail server was not reached: ECONNREFUSED');
  });

  it('fallback test says what to set where nothing is', async () => {
    stub.answer('POST /api/fallback/test', 409, [{ title: 'Conflict', status: 409, detail: 'No fallback is set.' }]);
    const { code, err } = await recert('fallback test');
    expect(code).toBe(1);
    expect(err).toContain('No fallback is set.');
  });

  it('fallback shows its ways, since when it speaks, and what it said', async () => {
    stub.answer('GET /api/fallback', 200, [view([message(1, { kind: 'news' })], AT)]);
    expect((await recert('fallback')).out).toBe(
      [
        'The fallback is ntfy and mail.',
        `Telegram has been unreachable since ${AT}: the fallback speaks.`,
        `  ${AT}  ntfy: news sent`,
        '',
      ].join('\n'),
    );
  });
});
