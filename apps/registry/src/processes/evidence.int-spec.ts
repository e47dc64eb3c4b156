import {
  OwnerResponse,
  ProcessDue,
  ProcessOverdue,
  type HistoryView,
  type Page,
  type Problem,
  type ProcessDetail,
  type ReviewView,
  type RevisionDetail,
} from '@recert/contracts';
import { Identities, type Principal } from '@recert/service-kit';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery, fireOven, mixDough } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';
import { ListsAndEvidence } from '../migrations/0008-lists-and-evidence';

const reviewId = '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10';
const otherReviewId = '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d11';
const responseId = '0198c5a2-9b1d-7f7a-8a35-9b7c0d1e2f30';
const start = new Date('2026-11-20T09:00:00.000Z');
const later = (minutes: number): string => new Date(start.getTime() + minutes * 60_000).toISOString();
const ours = { 'sec-fetch-site': 'same-origin' };

type Revisions = Page<{ hash: string; at: string }>;

describe('the evidence of a process', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;
  const clock = new MovableClock(start);
  const sessions = new Map<string, Principal>();

  beforeEach(async () => {
    clock.set(start);
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery, {}, clock);
    registry.process.app
      .get(Identities, { strict: false })
      .add({ session: async (cookie) => sessions.get(cookie) ?? null });
  });
  afterEach(async () => {
    await registry.stop();
    await database.drop();
  });

  const due = (facts: Partial<ProcessDue> = {}): ProcessDue => ({
    ...{ processId: mixDough, version: 1, reviewId, openedAt: later(5), name: 'mix dough', section: 'baking' },
    ...{ owner: 'ada', deputy: null, url: null, reason: 'first-review', reminder: 0, dueAt: later(5), askedBy: null },
    ...facts,
  });
  const becomes = (id: string, status: string): Promise<void> =>
    eventually(async () => expect(await registry.get(id)).toMatchObject({ status }));
  const reviewsOf = (id: string, query = ''): Promise<Page<ReviewView>> =>
    registry.ask('GET', `/api/processes/${id}/reviews${query}`);
  const responses = (): Promise<{ by: string; standing: string; refused: string | null; review_id: string | null }[]> =>
    registry.database.query('select by, standing, refused, review_id from response order by at, id');

  /** A person's login, whatever makes one: the name is what people read, the handle is who it is. */
  const as = (handle: string | null, role: Principal['role'], name = `Dr. ${handle}`) => {
    sessions.set(`${handle}-${role}`, { name, handle, role, scopes: [], via: 'session' });
    return (method: string, path: string, body: unknown = {}) =>
      registry.request<Problem>(method, path, {
        ...{ body, token: null, headers: { ...ours, cookie: `recert_session=${handle}-${role}` } },
      });
  };

  describe('in its texts', () => {
    it('is every one that was imported, newest first', async () => {
      const { recordHash: first } = await registry.ask<ProcessDetail>('GET', `/api/processes/${mixDough}`);
      clock.set(new Date(later(60)));
      await registry.importText(bakery.replace('salt', 'a little salt'));
      const { recordHash: second } = await registry.ask<ProcessDetail>('GET', `/api/processes/${mixDough}`);
      const path = `/api/processes/${mixDough}/revisions`;
      expect(await registry.ask('GET', path)).toEqual({
        items: [
          { hash: second, at: later(60) },
          { hash: first, at: start.toISOString() },
        ],
        next: null,
      });
      const page = await registry.ask<Revisions>('GET', `${path}?limit=1`);
      const rest = await registry.ask<Revisions>('GET', `${path}?limit=1&cursor=${page.next}`);
      expect([page.items, rest.items, rest.next]).toMatchObject([[{ hash: second }], [{ hash: first }], null]);
      const { record } = await registry.ask<RevisionDetail>('GET', `${path}/${first}`);
      expect(record).toContain('flour, water and salt.');
    });

    it('has none of another process, and none that never was', async () => {
      const { recordHash } = await registry.ask<ProcessDetail>('GET', `/api/processes/${fireOven}`);
      const status = async (path: string) => (await registry.request('GET', `/api/processes/${path}`)).status;
      expect(await status(`${fireOven}/revisions/${recordHash}`)).toBe(200);
      expect(await status(`${mixDough}/revisions/${recordHash}`)).toBe(404);
      expect(await status(`${mixDough}/revisions/nothing`)).toBe(404);
      for (const list of ['revisions', 'reviews']) {
        expect(await status(`nobody/${list}`)).toBe(404);
        expect(await status(`${mixDough}/${list}?cursor=WyJhIiwiYiJd`)).toBe(400);
      }
    });
  });

  describe('in its reviews', () => {
    it('is who was asked when, how often, every answer, and how it ended', async () => {
      await registry.hear(ProcessDue, due());
      await becomes(mixDough, 'due');
      await registry.hear(ProcessDue, due({ reminder: 1 }));
      await registry.hear(ProcessOverdue, {
        ...{ processId: mixDough, version: 2, reviewId, openedAt: later(5), name: 'mix dough', section: 'baking' },
        ...{ owner: 'ada', deputy: null, url: null, level: 'admins', reason: 'no-answer', at: later(6) },
      });
      await becomes(mixDough, 'overdue');
      const answer = { responseId, processId: mixDough, reviewId, answer: 'correct', channel: 'telegram' } as const;
      await registry.hear(OwnerResponse, { ...answer, by: 'bob', at: later(7), recordOpened: null });
      await eventually(async () => expect(await responses()).toHaveLength(1));
      await registry.hear(OwnerResponse, {
        ...{ ...answer, responseId: otherReviewId, by: 'ada', at: later(8), recordOpened: false },
      });
      await becomes(mixDough, 'certified');
      const [review, ...others] = (await reviewsOf(mixDough)).items;
      expect(others).toEqual([]);
      expect(review).toEqual({
        ...{
          id: reviewId,
          reason: 'first-review',
          openedAt: later(5),
          reminders: 1,
          outcome: 'certified',
          askedBy: null,
        },
        ...{ lastRemindedAt: expect.any(String) as string, closedAt: later(8), answeredBy: 'ada', recordOpened: false },
        responses: [
          {
            ...{ answer: 'correct', by: 'bob', standing: 'stranger', channel: 'telegram', at: later(7) },
            ...{ recordOpened: null, refused: expect.stringContaining('Only the owner') as string },
          },
          {
            ...{ answer: 'correct', by: 'ada', standing: 'owner', channel: 'telegram', at: later(8) },
            ...{ recordOpened: false, refused: null },
          },
        ],
      });
      const overdue = 'select overdue_at from review';
      expect(await registry.database.query(overdue)).toEqual([{ overdue_at: new Date(later(6)) }]);
    });

    it('is who asked first, in the history, too', async () => {
      await registry.hear(ProcessDue, due({ reason: 'asked', askedBy: 'carol' }));
      await becomes(mixDough, 'due');
      await registry.hear(ProcessDue, due({ reason: 'asked', reminder: 1, askedBy: 'bob' }));
      await eventually(async () =>
        expect((await reviewsOf(mixDough)).items).toMatchObject([{ reminders: 1, askedBy: 'carol' }]),
      );
      await registry.hear(ProcessDue, due({ reason: 'asked', reminder: 2 }));
      await eventually(async () => expect((await reviewsOf(mixDough)).items).toMatchObject([{ reminders: 2 }]));
      const { items } = await registry.ask<Page<HistoryView>>('GET', `/api/processes/${mixDough}/history`);
      const opened = items.filter(({ field, source }) => field === 'status' && source === 'scheduler');
      expect(opened).toMatchObject([{ by: 'carol', new: 'due', cause: 'review opened: asked' }]);
    });

    it('stands newest first, in pages', async () => {
      await registry.hear(ProcessDue, due());
      await becomes(mixDough, 'due');
      await registry.ask('POST', `/api/processes/${mixDough}/response`, { answer: 'correct' });
      await registry.hear(ProcessDue, due({ reviewId: otherReviewId, reason: 'asked', openedAt: later(9) }));
      await becomes(mixDough, 'due');
      const { items, next } = await reviewsOf(mixDough, '?limit=1');
      expect(items).toMatchObject([{ id: otherReviewId, closedAt: null, outcome: null, responses: [] }]);
      const rest = await reviewsOf(mixDough, `?cursor=${next}`);
      expect(rest).toMatchObject({
        items: [{ id: reviewId, responses: [{ by: 'admin', standing: 'admin' }] }],
        next: null,
      });
    });
  });

  describe('of an answer in the console', () => {
    const answer = { answer: 'later' };
    const path = `/api/processes/${fireOven}/response`;

    beforeEach(async () => {
      await registry.hear(ProcessDue, due({ processId: fireOven, owner: 'bob', deputy: 'ada' }));
      await becomes(fireOven, 'due');
    });

    it.each([
      ['bob', 'owner', 200, 'owner'],
      ['ada', 'owner', 200, 'deputy'],
      ['carol', 'owner', 403, 'stranger'],
      ['carol', 'admin', 200, 'admin'],
      ['bob', 'admin', 200, 'owner'],
    ] as const)(
      'by %s, who is %s here, is answered %i and kept as of the %s',
      async (handle, role, status, standing) => {
        const reply = await as(handle, role)('POST', path, answer);
        expect(reply.status).toBe(status);
        const refused: unknown = status === 200 ? null : expect.stringContaining('Only the owner');
        expect(await responses()).toEqual([{ by: handle, standing, refused, review_id: reviewId }]);
        const { items } = await registry.ask<Page<HistoryView>>('GET', `/api/processes/${fireOven}/history`);
        const last = items.filter(({ cause }) => cause === 'answer: later');
        expect(last).toMatchObject(status === 200 ? [{ by: handle, field: 'snoozedUntil', source: 'inbox' }] : []);
      },
    );

    it('is none of a viewer', async () => {
      expect((await as('bob', 'viewer')('POST', path, answer)).status).toBe(403);
      expect(await responses()).toEqual([]);
    });

    it('to a question that is no longer open is refused', async () => {
      const reply = await as('bob', 'owner')('POST', path, { ...answer, reviewId: otherReviewId });
      expect(reply).toMatchObject({
        status: 409,
        body: { detail: expect.stringContaining('no longer open') as string },
      });
    });
  });

  it('names the person who edits and asks, and lets nobody but an admin do it', async () => {
    const [admin, owner] = [as('carol', 'admin'), as('ada', 'owner')];
    const paths = [`/api/processes/${mixDough}/ask`, '/api/processes/ask'];
    for (const path of paths) expect((await owner('POST', path)).status).toBe(403);
    expect((await owner('PATCH', `/api/processes/${mixDough}`, { owner: 'bob' })).status).toBe(403);
    for (const path of paths) expect((await admin('POST', path)).status).toBe(202);
    expect((await admin('PATCH', `/api/processes/${mixDough}`, { owner: 'bob' })).status).toBe(200);
    const said = await registry.database.query<{ by: string }>(
      `select distinct payload::json ->> 'by' as by from outbox where subject = 'review.requested'
       union select by from history where cause = 'edit'`,
    );
    expect(said).toEqual([{ by: 'carol' }]);
  });

  it('of before is completed when the tables are: when it was overdue, and what was answered', async () => {
    await registry.hear(ProcessDue, due());
    await becomes(mixDough, 'due');
    await registry.hear(ProcessOverdue, {
      ...{ processId: mixDough, version: 2, reviewId, openedAt: later(5), name: 'mix dough', section: 'baking' },
      ...{ owner: 'ada', deputy: null, url: null, level: 'admins', reason: 'no-answer', at: later(6) },
    });
    await becomes(mixDough, 'overdue');
    clock.set(new Date(later(7)));
    await registry.ask('POST', `/api/processes/${mixDough}/response`, { answer: 'correct' });
    clock.set(new Date(later(8)));
    await registry.request('POST', `/api/processes/${mixDough}/response`, { body: { answer: 'correct' } });
    await registry.database.query('update response set review_id = null');
    const migration = new ListsAndEvidence();
    const runner = registry.database.dataSource.createQueryRunner();
    await migration.down(runner);
    await migration.up(runner);
    await runner.release();
    const overdue = 'select overdue_at from review';
    expect(await registry.database.query(overdue)).toEqual([{ overdue_at: new Date(later(6)) }]);
    expect((await responses()).map((row) => row.review_id)).toEqual([reviewId, null]);
    expect((await registry.list()).map(({ id }) => id)).toContain(mixDough);
  });
});
