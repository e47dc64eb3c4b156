import { type Page, type Problem, type ProcessView } from '@recert/contracts';
import { MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery, fireOven, mixDough, sellBread } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';

const start = new Date('2026-11-20T09:00:00.000Z');
const later = (minutes: number): string => new Date(start.getTime() + minutes * 60_000).toISOString();

describe('processes that nobody changes', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;

  beforeAll(async () => {
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery, {}, new MovableClock(start));
  });
  afterAll(async () => {
    await registry.stop();
    await database.drop();
  });

  describe('in the list', () => {
    it('stand by section and place in the library, in pages that join without a gap', async () => {
      const ids: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: Page<ProcessView> = await registry.ask(
          'GET',
          `/api/processes?limit=1&cursor=${cursor}`.replace(/&cursor=$/, ''),
        );
        ids.push(...page.items.map((process) => process.id));
        cursor = page.next;
      }
      expect(ids).toEqual((await registry.list()).map((process) => process.id));
      expect(ids.toSorted()).toEqual([fireOven, mixDough, sellBread]);
    });

    it.each([
      ['owner=ada', [mixDough]],
      ['status=certified', []],
      ['section=baking&owner=bob', [fireOven]],
      ['documented=false', [sellBread]],
      ['q=DOUGH', [mixDough]],
      ['q=bob', [fireOven]],
      ['q=%25', []],
      ['q=_', []],
    ])('are found by %s', async (query, ids) => {
      const { items } = await registry.ask<Page<ProcessView>>('GET', `/api/processes?${query}`);
      expect(items.map((process) => process.id)).toEqual(ids);
    });

    it.each([
      'cursor=nonsense',
      'cursor=WzFd',
      'limit=0',
      'status=lost',
      'q=%00',
      'cursor=WyJcdTAwMDAiLDEsImEiXQ',
      'cursor=WyJhIiwiYiIsImMiXQ',
    ])('cannot be asked for with %s', async (query) => {
      const reply = await registry.request<Problem>('GET', `/api/processes?${query}`);
      expect(reply.status).toBe(400);
    });

    it.each(['nobody', '..%2f', 'A', '%F0%9F%8D%9E'])('are not there by the id %s', async (id) => {
      expect((await registry.request('GET', `/api/processes/${id}`)).status).toBe(404);
      expect((await registry.request('GET', `/api/processes/${id}/history`)).status).toBe(404);
      expect((await registry.request('POST', `/api/processes/${id}/ask`)).status).toBe(404);
    });
  });

  it('are told a wrong id by name, whatever stands in it', async () => {
    const reply = await registry.request<Problem>('GET', '/api/processes/a%00b');
    expect(reply).toMatchObject({ status: 400, body: { detail: expect.stringContaining('NUL') as string } });
  });

  it('show their record, and what is known of their last review', async () => {
    expect(await registry.ask('GET', `/api/processes/${mixDough}`)).toMatchObject({
      ...{ id: mixDough, name: 'mix dough', owner: 'ada', status: 'uncertified', triggerPeriod: 'P3M' },
      ...{ nextDueAt: later(5), documented: true, version: 1, review: null, lastResponse: null },
      record: expect.stringContaining('Take flour, water and salt.') as string,
    });
  });

  it.each([
    [{ owner: 'nobody' }, 422, /owner: nobody is called "nobody": add the person first/],
    [{ triggerPeriod: 'every now and then' }, 422, /triggerPeriod: "every now and then" is not a period/],
    [{ triggerPeriod: 'P0D' }, 422, /triggerPeriod: "P0D" is no time at all/],
    [{ deputy: 'ada' }, 422, /deputy: "ada" is the owner/],
    [{}, 400, /name at least one of owner, deputy, triggerPeriod/],
    [{ status: 'certified' }, 400, /status/],
    [{ owner: 'Not A Handle' }, 400, /owner: a handle is made of/],
  ])('are not changed by %j', async (patch, status, detail) => {
    const reply = await registry.request<Problem>('PATCH', `/api/processes/${mixDough}`, { body: patch });
    expect(reply).toMatchObject({ status, body: { detail: expect.stringMatching(detail) as string } });
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    expect(await registry.get(mixDough)).toMatchObject({ version: 1 });
  });

  it.each([{ answer: 'maybe' }, {}, { answer: 'correct', reviewId: 'x' }])('need an answer, not %j', async (body) => {
    expect((await registry.request('POST', `/api/processes/${mixDough}/response`, { body })).status).toBe(400);
  });
});
