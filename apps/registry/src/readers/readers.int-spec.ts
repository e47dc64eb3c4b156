import {
  ProcessDue,
  ReviewRequested,
  type HistoryView,
  type Page,
  type PublicationView,
  type PublicView,
} from '@recert/contracts';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';
import { MOST_AN_HOUR } from './decide-report';

const start = new Date('2026-11-20T09:00:00.000Z');

describe('readers outside', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;
  let id: string;
  let other: string;
  const clock = new MovableClock(start);

  beforeAll(async () => {
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery, {}, clock);
    const { items } = await registry.ask<Page<{ id: string; documented: boolean; product: string | null }>>(
      'GET',
      '/api/processes?documented=true',
    );
    [id, other] = items.filter(({ product }) => product === null).map((one) => one.id) as [string, string];
  });
  afterAll(async () => {
    await registry.stop();
    await database.drop();
  });

  const publish = (process: string, on: boolean) =>
    registry.request<PublicationView>('PUT', `/api/processes/${process}/public`, { body: { on } });
  const read = (path: string) => registry.request<PublicView>('GET', path, { token: null });
  const badge = (process: string) => registry.request<string>('GET', `/p/${process}.svg`, { token: null });
  const report = (process: string, text?: string) =>
    registry.request('POST', `/api/public/${process}/outdated`, {
      token: null,
      body: text === undefined ? {} : { text },
    });
  const requested = async (process: string) =>
    (await registry.published(ReviewRequested)).filter(({ processId }) => processId === process);

  it('see nothing before it is switched on, and cannot tell what exists', async () => {
    const replies = await Promise.all([id, 'nothing-of-the-kind'].map((one) => read(`/api/public/${one}`)));
    expect(replies.map(({ status }) => status)).toEqual([404, 404]);
    expect(replies[0]!.body).toEqual(replies[1]!.body);
    expect((await badge(id)).status).toBe(404);
    expect((await report(id)).status).toBe(404);
  });

  it('see the record and the certification by name, once it is on', async () => {
    expect((await publish(id, true)).body).toMatchObject({ on: true, page: `/p/${id}`, badge: `/p/${id}.svg` });
    const before = await read(`/api/public/${id}`);
    expect(before.body).toMatchObject({ certified: false, certifiedUntil: null, record: expect.any(String) as string });
    expect((await badge(id)).body).toContain('not certified');
    await registry.ask('POST', `/api/processes/${id}/response`, { answer: 'correct' });
    const { body, headers } = await read(`/api/public/${id}`);
    expect(body).toMatchObject({ certified: true, certifiedBy: 'an admin', certifiedAt: start.toISOString() });
    expect(headers.get('cache-control')).toBe('public, max-age=60');
    const drawn = await badge(id);
    expect(drawn.body).toContain(`certified until ${body.certifiedUntil!.slice(0, 10)}`);
    expect(drawn.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
  });

  it('leave their switch in the history, once each time', async () => {
    await publish(id, true);
    await publish(id, false);
    await publish(id, false);
    expect((await read(`/api/public/${id}`)).status).toBe(404);
    await publish(id, true);
    const { items } = await registry.ask<Page<HistoryView>>('GET', `/api/processes/${id}/history`);
    const rows = items.filter(({ field }) => field === 'publicPage');
    expect(rows.map((row) => row.new)).toEqual(['on', 'off', 'on']);
    expect(rows[0]).toMatchObject({ by: 'admin', old: 'off', source: 'http' });
  });

  it('get no page of what nobody has written down', async () => {
    const { items } = await registry.ask<Page<{ id: string }>>('GET', '/api/processes?documented=false');
    expect((await publish(items[0]!.id, true)).status).toBe(409);
    expect((await publish('nothing-of-the-kind', true)).status).toBe(404);
  });

  it('report what is outdated: the owner is asked, once a day', async () => {
    await publish(other, true);
    expect((await report(other, 'The address is an old one.')).status).toBe(202);
    expect(await requested(other)).toMatchObject([{ reason: 'reported', by: 'a reader' }]);
    await registry.hear(ProcessDue, {
      ...{ processId: other, version: 1, reviewId: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10', name: 'x', section: null },
      ...{ owner: 'ada', deputy: null, url: null, reason: 'reported', reminder: 0, askedBy: 'a reader' },
      ...{ openedAt: start.toISOString(), dueAt: start.toISOString() },
    });
    await eventually(async () => expect((await registry.get(other)).status).toBe('due'));
    expect((await report(other)).status).toBe(202);
    expect(await requested(other)).toHaveLength(1);
    const { body } = await registry.request<PublicationView>('GET', `/api/processes/${other}/public`);
    expect(body.reports.map(({ text }) => text).toSorted()).toEqual(['', 'The address is an old one.']);
  });

  it('are stopped when they report too often, also at the same moment', async () => {
    const replies = await Promise.all(Array.from({ length: MOST_AN_HOUR + 10 }, () => report(id, 'x')));
    expect(replies.filter(({ status }) => status === 202)).toHaveLength(MOST_AN_HOUR);
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(10);
    clock.advance(60 * 60_000);
    expect((await report(id, 'x'.repeat(2_000))).status).toBe(202);
    expect((await report(id, 'x'.repeat(2_001))).status).toBe(400);
  });
});
