import { faultOfSubject, MOST_BYTES, readSaid } from './read-said';

const read = (subject: string, body: unknown) =>
  readSaid(subject, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

describe('what an outside system may say', () => {
  it.each(['outside.bill-paid', 'outside.a', `outside.${'a'.repeat(60)}`, 'review.requested', 'task.reported'])(
    'is %s',
    (subject) => {
      expect(faultOfSubject(subject)).toBeNull();
    },
  );

  it.each([
    ...['outside', 'outside.', 'outside.*', 'outside.>', 'outside.a.b', 'outside.A', 'outside.-a', 'outside.a b'],
    ...[`outside.${'a'.repeat(61)}`, 'outsider.a', 'alert.raised', 'task.down', 'token.changed', ''],
  ])('is not "%s", which is told with what is possible', (subject) => {
    expect(faultOfSubject(subject)).toBe(
      `"${subject}" cannot be said from outside; possible are outside.<a word of your own of a-z, 0-9 and dashes>, review.requested and task.reported`,
    );
  });
});

describe('the body of what an outside system says', () => {
  it('is any object of its own', () => {
    const data = { number: '2026-117', paid: true, lines: [{ price: 1.5, text: null }], nested: { '': {} } };
    expect(read('outside.bill-paid', data)).toEqual({
      ...{ ok: true, said: { kind: 'fact', subject: 'outside.bill-paid', data } },
    });
    expect(read('outside.bill-paid', {})).toMatchObject({ ok: true });
  });

  it.each([
    ['a list', '[1]', 422, /expected record/],
    ['a text', '"paid"', 422, /expected record/],
    ['null', 'null', 422, /expected record/],
    ['nothing', '', 400, /empty: send JSON/],
    ['no JSON', '{"a":', 400, /not JSON/],
    ['too many levels', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400, /64 levels/],
    ['a NUL', '{"a":"\\u0000"}', 422, /a: a NUL character/],
    ['half a character', '{"a":{"b":"\\ud83d"}}', 422, /a.b: half a surrogate pair/],
  ])('is refused when it is %s', (_, body, status, detail) => {
    expect(read('outside.bill-paid', body)).toMatchObject({
      ok: false,
      status,
      detail: expect.stringMatching(detail) as string,
    });
  });

  it('may have 256 KB and not a byte more', () => {
    const body = (size: number): string => JSON.stringify({ a: 'x'.repeat(size - 8) });
    expect(body(MOST_BYTES)).toHaveLength(262_144);
    expect(read('outside.a', body(MOST_BYTES)).ok).toBe(true);
    expect(read('outside.a', body(MOST_BYTES + 1))).toMatchObject({ ok: false, status: 413 });
  });

  it('keeps a field that is called like one of every object', () => {
    const body = '{"__proto__":{"admin":true},"constructor":1}';
    const result = read('outside.a', body);
    expect(result.ok).toBe(true);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('names a process to review, and why if it is not for an incident', () => {
    expect(read('review.requested', { processId: 'make-bread' })).toMatchObject({
      ...{ ok: true, said: { kind: 'review', review: { processId: 'make-bread', reason: 'incident' } } },
    });
    expect(read('review.requested', { processId: 'make-bread', reason: 'asked', version: 9 }).ok).toBe(true);
    expect(read('review.requested', { processId: 'Make bread' })).toMatchObject({
      ...{ ok: false, status: 422, detail: 'processId: a process id is a slug such as hiring-evaluate-candidates' },
    });
    expect(read('review.requested', { processId: 'a', reason: 'because' })).toMatchObject({ ok: false, status: 422 });
  });

  it('says how a task went', () => {
    expect(read('task.reported', { taskId: 'nightly-backup', status: 'success' })).toMatchObject({
      ...{ ok: true, said: { kind: 'task', report: { taskId: 'nightly-backup', status: 'success', log: null } } },
    });
    expect(read('task.reported', { taskId: 'nightly-backup', status: 'done' })).toMatchObject({
      ...{ ok: false, status: 422, detail: expect.stringMatching(/^status: /) as string },
    });
  });
});
