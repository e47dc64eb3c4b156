import { request as httpRequest } from 'node:http';
import { eventually, testDatabase, type TestDatabase } from '@recert/testing';
import { ADMIN, type Answer, newToken, NotesService, sign } from './fixture';

describe('the hooks of a service', () => {
  let store: TestDatabase;
  let service: NotesService;
  const headers = tokenFor('lugha');

  beforeAll(async () => {
    store = await testDatabase();
    service = await NotesService.start(store.url);
  });
  afterAll(async () => {
    await service.running.stop();
    await store.drop();
  });

  function tokenFor(target: string): { authorization: string } {
    const { authorization } = newToken(target);
    return { authorization };
  }
  const body = (text: unknown): string => JSON.stringify({ text });
  async function send(text: string, path = '/hooks/notes/lugha', with_ = headers): Promise<Answer> {
    const response = await service.post(path, body(text), with_);
    return { ...((await response.json()) as { id: string }), status: response.status };
  }
  const signed = (text: string): Promise<Answer> =>
    send(text, '/hooks/signed', { 'x-signature': sign(body(text)) } as never);
  async function problemOf(response: Response): Promise<unknown> {
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    return response.json();
  }
  const noted = (text: string): Promise<void> => eventually(async () => expect(await service.notes()).toContain(text));

  describe('accepting', () => {
    it('answers when the bytes are kept as they came, and handles them then', async () => {
      const raw = `{ "text":\t"first \\u00e9" }`;
      const response = await service.post('/hooks/notes/lugha', raw, {
        ...headers,
        'x-kind': 'greeting',
        'x-other': 'no',
      });
      expect(response.status).toBe(202);
      const { id } = (await response.json()) as { id: string };
      const [row] = await service.database.query<Record<string, unknown>>(
        'select hook, target, headers, body from intake where id = $1',
        [id],
      );
      expect(row).toEqual({
        hook: 'notes',
        target: 'lugha',
        headers: { 'x-kind': 'greeting' },
        body: Buffer.from(raw),
      });
      await noted('first é');
    });

    it('is the fact from which the events about it descend', async () => {
      const { id } = await send('descends');
      await noted('descends');
      const [row] = await service.database.query<{ headers: Record<string, string> }>(
        `select headers from outbox where payload like '%descends%'`,
      );
      expect(row!.headers).toMatchObject({ 'ce-correlationid': id, 'ce-causationid': id });
    });

    it('takes the same bytes after one another once, and as news when something else came between', async () => {
      const first = await send('a');
      expect(await send('a')).toEqual({ id: first.id, status: 200 });
      const other = await send('b');
      const again = await send('a');
      expect([first.status, other.status, again.status]).toEqual([202, 202, 202]);
      expect(new Set([first.id, other.id, again.id]).size).toBe(3);
      await eventually(async () =>
        expect((await service.notes()).filter((text) => /^[ab]$/.test(text))).toEqual(['a', 'b', 'a']),
      );
    });

    it('takes what comes twice at the same moment once', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => send('at once')));
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    });

    it('takes what carries its own time once for ever', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => signed('signed once')));
      await signed('something else');
      answers.push(await signed('signed once'));
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
      await noted('something else');
      expect((await service.notes()).filter((text) => text === 'signed once')).toHaveLength(1);
    });

    it('knows after a start what was last', async () => {
      const { id } = await send('before the start');
      await service.running.stop();
      service = await NotesService.start(store.url);
      expect(await send('before the start')).toEqual({ id, status: 200 });
    });
  });

  it('takes the same bytes as news again after a day', async () => {
    const { id: tokenId, ...with_ } = newToken('lugha');
    const sendAged = async (age: string): Promise<Answer> => {
      await service.database.query(`update intake set received_at = now() - $2::interval where sender = $1`, [
        `token ${tokenId}`,
        age,
      ]);
      // What is remembered is as old as this process thinks: only a new one looks it up.
      await service.running.stop();
      service = await NotesService.start(store.url);
      return send('every week', '/hooks/notes/lugha', with_);
    };
    const { id } = await send('every week', '/hooks/notes/lugha', with_);
    expect(await sendAged('23 hours 59 minutes')).toEqual({ id, status: 200 });
    expect(await sendAged('24 hours 1 minute')).toMatchObject({ status: 202 });
  });

  it('opens to whom the hook admits, and to everybody else answers what the hook says', async () => {
    const wrong = headers.authorization.slice(0, -1) + (headers.authorization.endsWith('a') ? 'b' : 'a');
    const attempts = [
      ['/hooks/notes/lugha', {}],
      ['/hooks/notes/lugha', { authorization: wrong }],
      ['/hooks/notes/lugha', { authorization: 'Basic eDp5' }],
      ['/hooks/notes/shop', headers],
    ] as const;
    const answers = await Promise.all(attempts.map(([path, with_]) => service.post(path, body('x'), with_)));
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });

  it.each([
    ['no JSON', '{"text":', 'application/json', /not JSON/],
    ['empty', '', 'application/json', /empty/],
    ['nested too deep', '['.repeat(100_000), 'application/json', /64 levels/],
    ['of another type', 'text=1', 'application/x-www-form-urlencoded', /no such field|not JSON/],
    ['no UTF-8', Buffer.from([0xff, 0xfe, 0x7b]), 'application/json', /not JSON/],
  ])('keeps what is signed and is %s: its sender would not send it again', async (_, sent, type, reason) => {
    const signedHeaders = { 'x-signature': sign(sent), 'content-type': type };
    const response = await service.post('/hooks/signed', sent, signedHeaders);
    expect(response.status).toBe(202);
    const { id } = (await response.json()) as { id: string };
    await eventually(async () => {
      const [letter] = await service.database.query<{ reason: string; payload: Buffer }>(
        'select reason, payload from dead_letter where event_id = $1',
        [id],
      );
      expect(letter).toMatchObject({ reason: expect.stringMatching(reason) as string, payload: Buffer.from(sent) });
    });
  });

  describe('sends away', () => {
    it.each([
      ['what is no JSON', '{"text":', 'application/json', 400, /not JSON/],
      ['an empty body', '', 'application/json', 400, /empty/],
      ['what is nested too deep', '['.repeat(100_000), 'application/json', 400, /64 levels/],
      ['a form', 'text=1', 'application/x-www-form-urlencoded', 415, /Content-Type: application\/json/],
      ['more than 1 MB', body('x'.repeat(1024 * 1024)), 'application/json', 413, /1048576 bytes/],
    ])('%s', async (_, sent, type, status, detail) => {
      const response = await service.post('/hooks/notes/lugha', sent, { ...headers, 'content-type': type });
      expect(response.status).toBe(status);
      expect(await problemOf(response)).toMatchObject({ status, detail: expect.stringMatching(detail) as string });
    });

    it('more than 1 MB also when its size was not announced', async () => {
      const { port } = new URL(service.running.url);
      const status = await new Promise((resolve) => {
        const request = httpRequest({ port, path: '/hooks/notes/lugha', method: 'POST', headers }, (response) =>
          resolve(response.statusCode),
        );
        request.on('error', () => undefined);
        for (let i = 0; i < 20; i += 1) request.write('x'.repeat(100_000));
      });
      expect(status).toBe(413);
    });

    it('whoever asks instead of sending, and says how it is done', async () => {
      const response = await fetch(`${service.running.url}/hooks/notes/lugha`, { headers });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    });

    it('but leaves the connection good for the next request', async () => {
      for (const status of [401, 202, 400, 202]) {
        const sent = status === 400 ? '{' : body(`after ${Math.random()}`);
        const response = await service.post('/hooks/notes/lugha', sent, status === 401 ? {} : headers);
        expect(response.status).toBe(status);
        await response.text();
      }
    });

    it('nobody whom it does not concern: the framework answers for other paths', async () => {
      const response = await service.post('/hooks/unknown', body('x'), headers);
      expect([response.status, await problemOf(response)]).toEqual([404, expect.objectContaining({ status: 404 })]);
      expect((await fetch(`${service.running.url}/health/live`)).status).toBe(200);
    });
  });

  it('tells one sender who sends too much how long to wait, and no other', async () => {
    const slow = await NotesService.start(store.url, { HOOK_RATE: '1' });
    try {
      const post = (text: string, with_: Record<string, string>, path = '/hooks/notes/lugha'): Promise<Response> =>
        slow.post(path, body(text), with_);
      const responses: Response[] = [];
      for (let i = 0; i < 12; i += 1) responses.push(await post(`rate ${i}`, headers));
      expect(responses.slice(0, 10).map(({ status }) => status)).toEqual(Array(10).fill(202));
      expect([responses[11]!.status, responses[11]!.headers.get('retry-after')]).toEqual([429, '1']);
      expect((await post('another', tokenFor('lugha'))).status).toBe(202);
      const sentry = await Promise.all(
        Array.from({ length: 30 }, (_, i) =>
          post(`signed ${i}`, { 'x-signature': sign(body(`signed ${i}`)) }, '/hooks/signed'),
        ),
      );
      expect(new Set(sentry.map(({ status }) => status))).toEqual(new Set([202]));
    } finally {
      await slow.running.stop();
    }
  });

  describe('handling', () => {
    it('keeps the order of one sender', async () => {
      const texts = Array.from({ length: 40 }, (_, i) => `in order ${i}`);
      for (const text of texts) expect((await send(text)).status).toBe(202);
      await eventually(async () =>
        expect((await service.notes()).filter((text) => text.startsWith('in order'))).toEqual(texts),
      );
    });

    it('makes a dead letter of what cannot be understood, which can be replayed', async () => {
      const response = await service.post('/hooks/notes/lugha', '{"texts":[]}', headers);
      const { id } = (await response.json()) as { id: string };
      expect(response.status).toBe(202);
      const letters = async (): Promise<Record<string, unknown>[]> => {
        const list = await fetch(`${service.running.url}/api/dead-letters`, {
          headers: { authorization: `Bearer ${ADMIN}` },
        });
        const { items } = (await list.json()) as { items: Record<string, unknown>[] };
        return items.filter((letter) => letter['eventId'] === id);
      };
      await eventually(async () =>
        expect(await letters()).toEqual([
          expect.objectContaining({ consumer: 'hook.notes', reason: 'text: it is missing', payload: '{"texts":[]}' }),
        ]),
      );
      const [letter] = await letters();
      const replay = async (): Promise<unknown> => {
        const answer = await fetch(`${service.running.url}/api/dead-letters/${String(letter!['id'])}/replay`, {
          method: 'POST',
          headers: { authorization: `Bearer ${ADMIN}` },
        });
        return answer.json();
      };
      expect(await replay()).toEqual({ state: 'failed', replayed: false, reason: 'text: it is missing' });
      await service.database.query('update intake set body = $2 where id = $1', [id, Buffer.from(body('mended'))]);
      expect(await replay()).toEqual({ state: 'replayed', replayed: true, reason: null });
      expect(await service.notes()).toContain('mended');
      expect((await letters())[0]!['replayedAt']).not.toBeNull();
    });

    it('tries again what failed, and lets the others pass', async () => {
      const { id } = await send('fails at first');
      await send('passes');
      await noted('passes');
      const [row] = await service.database.query<Record<string, unknown>>(
        'select attempts, error, handled_at from intake where id = $1',
        [id],
      );
      expect(row).toEqual({ attempts: 1, error: 'Error: a defect of the handler', handled_at: null });
      await service.database.query('update intake set body = $2 where id = $1', [id, Buffer.from(body('works now'))]);
      await noted('works now');
    }, 15_000);

    it('does each once however many replicas there are, and what one left undone', async () => {
      const other = await NotesService.start(store.url);
      try {
        const texts = Array.from({ length: 60 }, (_, i) => `shared ${i}`);
        await service.database.query(
          `insert into intake (id, hook, target, sender, digest, headers, body)
           select gen_random_uuid(), 'notes', 'lugha', 'nobody', null, '{}', convert_to(t, 'utf8') from unnest($1::text[]) t`,
          [texts.map(body)],
        );
        await eventually(async () =>
          expect((await service.notes()).filter((text) => text.startsWith('shared')).sort()).toEqual(texts.sort()),
        );
      } finally {
        await other.running.stop();
      }
    }, 20_000);
  });

  it('asks the sender to come again while the database is away', async () => {
    await service.database.query(
      `create function away() returns trigger language plpgsql as $$ begin raise exception 'away' using errcode = '57P03'; end $$;
       create trigger away before insert on intake for each row execute function away()`,
    );
    const response = await service.post('/hooks/signed', body('not now'), { 'x-signature': sign(body('not now')) });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    await service.database.query('drop function away cascade');
    expect((await signed('not now')).status).toBe(202);
  });
});
