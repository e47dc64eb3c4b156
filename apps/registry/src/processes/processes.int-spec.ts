import {
  OwnerResponse,
  ProcessCertified,
  ProcessDue,
  ProcessOverdue,
  ProcessRegistered,
  ReviewRequested,
  type HistoryView,
  type Page,
  type Problem,
  type ProcessDetail,
  type ProcessView,
} from '@recert/contracts';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery, fireOven, mixDough, sellBread } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';

const reviewId = '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10';
const responseId = '0198c5a2-9b1d-7f7a-8a35-9b7c0d1e2f30';
const start = new Date('2026-11-20T09:00:00.000Z');
const later = (minutes: number): string => new Date(start.getTime() + minutes * 60_000).toISOString();

describe('processes', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;
  const clock = new MovableClock(start);

  beforeEach(async () => {
    clock.set(start);
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakery, {}, clock);
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
  const answered = (facts: Partial<OwnerResponse> = {}): OwnerResponse => ({
    ...{ responseId, processId: mixDough, reviewId, answer: 'correct', by: 'ada', at: later(7) },
    ...{ channel: 'telegram', recordOpened: true },
    ...facts,
  });
  const becomes = (id: string, expected: Partial<ProcessView>): Promise<ProcessView> =>
    eventually(async () => {
      const process = await registry.get(id);
      expect(process).toMatchObject(expected);
      return process;
    });
  const history = async (id: string): Promise<readonly HistoryView[]> =>
    (await registry.ask<Page<HistoryView>>('GET', `/api/processes/${id}/history`)).items;
  const latest = async (id: string): Promise<ProcessRegistered | undefined> =>
    (await registry.published(ProcessRegistered)).findLast((event) => event.processId === id);

  describe('that are edited', () => {
    it('change only in what is named, and leave a row for each field', async () => {
      const edited = await registry.ask('PATCH', `/api/processes/${mixDough}`, {
        owner: 'bob',
        triggerPeriod: 'weekly',
      });
      expect(edited).toMatchObject({ owner: 'bob', deputy: null, triggerPeriod: 'P1W', version: 2 });
      expect(await history(mixDough)).toMatchObject([
        { field: 'status', old: null, new: 'uncertified', by: 'library', cause: 'import', source: 'library' },
        { field: 'owner', old: 'ada', new: 'bob', by: 'admin', cause: 'edit', source: 'http' },
        { field: 'triggerPeriod', old: 'P3M', new: 'P1W', by: 'admin', cause: 'edit', source: 'http' },
      ]);
      expect(await latest(mixDough)).toMatchObject({ owner: 'bob', version: 2 });
    });

    it('keep what was set by hand when the library is read again', async () => {
      await registry.ask('PATCH', `/api/processes/${mixDough}`, { owner: 'bob', deputy: 'ada' });
      expect(await registry.importText(bakery.replace('salt', 'a little salt'))).toMatchObject({ unchanged: 2 });
      expect(await registry.get(mixDough)).toMatchObject({ owner: 'bob', deputy: 'ada' });
    });

    it('stay as they are, in version too, where they are so already', async () => {
      const same = await registry.ask('PATCH', `/api/processes/${mixDough}`, { owner: 'ada', triggerPeriod: 'P3M' });
      expect(same).toMatchObject({ version: 1 });
    });

    it('lose their owner by null, and with it the name of whom to ask', async () => {
      expect(await registry.ask('PATCH', `/api/processes/${mixDough}`, { owner: null })).toMatchObject({ owner: null });
    });
  });

  describe('that are due', () => {
    it('are logged and reset: status, history, an open review', async () => {
      await registry.hear(ProcessDue, due());
      await becomes(mixDough, { status: 'due', nextDueAt: null });
      expect((await history(mixDough)).at(-1)).toEqual({
        ...{ at: later(5), by: 'scheduler', field: 'status', old: 'uncertified', new: 'due' },
        ...{ cause: 'review opened: first-review', source: 'scheduler' },
      });
      expect(await latest(mixDough)).toMatchObject({
        review: { id: reviewId, open: true, openedAt: later(5), reason: 'first-review' },
      });
    });

    it('are announced once more to whoever thinks that another review is open', async () => {
      await registry.hear(ProcessDue, due());
      await becomes(mixDough, { status: 'due', version: 2 });
      await registry.hear(ProcessDue, due({ reviewId: responseId }));
      await becomes(mixDough, { status: 'due', version: 3 });
      expect(await latest(mixDough)).toMatchObject({ review: { id: reviewId } });
      expect(await history(mixDough)).toHaveLength(2);
    });

    it('are never asked about while nobody has written them down', async () => {
      await registry.hear(ProcessDue, due({ processId: sellBread }));
      await becomes(sellBread, { status: 'uncertified', version: 2 });
    });

    it('are overdue when nobody answers, even where that news comes first', async () => {
      await registry.hear(ProcessOverdue, {
        ...{ processId: mixDough, version: 2, reviewId, openedAt: later(5), name: 'mix dough', section: 'baking' },
        ...{ owner: 'ada', deputy: null, url: null, level: 'admins', reason: 'no-answer', at: later(6) },
      });
      await registry.hear(ProcessDue, due());
      await becomes(mixDough, { status: 'overdue' });
      const rows = (await history(mixDough)).map((row) => [row.new, row.cause]);
      expect(rows.slice(1)).toEqual([
        ['due', 'review opened: first-review'],
        ['overdue', 'overdue: no-answer, told the admins'],
      ]);
    });
  });

  describe('that are answered over a channel', () => {
    it('are certified by their owner: history, date, the next one, and the news', async () => {
      await registry.hear(ProcessDue, due());
      await registry.hear(OwnerResponse, answered());
      await becomes(mixDough, { status: 'certified', certificationDate: later(7) });
      expect((await registry.get(mixDough)).nextDueAt).toBe('2027-02-20T09:07:00.000Z');
      expect((await history(mixDough)).slice(-2)).toMatchObject([
        { by: 'ada', field: 'status', old: 'due', new: 'certified', cause: 'answer: correct', source: 'telegram' },
        { by: 'ada', field: 'certificationDate', old: null, new: later(7), source: 'telegram' },
      ]);
      expect(await registry.published(ProcessCertified)).toMatchObject([
        { by: 'ada', reviewId, responseId, recordOpened: true },
      ]);
      expect(await latest(mixDough)).toMatchObject({
        review: { id: reviewId, open: false },
        lastResponse: { refused: null },
      });
      const evidence = 'select outcome, answered_by, record_opened, closed_at is not null as closed from review';
      expect(await registry.database.query(evidence)).toEqual([
        { outcome: 'certified', answered_by: 'ada', record_opened: true, closed: true },
      ]);
    });

    it('are answered once, however often the same answer arrives', async () => {
      await registry.hear(ProcessDue, due());
      await becomes(mixDough, { status: 'due' });
      for (let time = 0; time < 3; time += 1) await registry.hear(OwnerResponse, answered({ answer: 'needs-update' }));
      await registry.hear(OwnerResponse, answered({ responseId: reviewId, answer: 'later' }));
      await becomes(mixDough, { status: 'updating', version: 4 });
      expect(await registry.database.query('select 1 from response')).toHaveLength(2);
    });

    it.each(['mallory', 'bob'])('are not changed by %s, and everybody is told why', async (by) => {
      await registry.hear(ProcessDue, due());
      await becomes(mixDough, { status: 'due' });
      await registry.hear(OwnerResponse, answered({ by }));
      await becomes(mixDough, { status: 'due', version: 3 });
      const refused = expect.stringContaining('Only the owner, the deputy or an admin') as string;
      expect(await latest(mixDough)).toMatchObject({ lastResponse: { id: responseId, by, refused } });
      expect(await registry.database.query('select standing from response')).toEqual([{ standing: 'stranger' }]);
    });

    it('can be answered by an admin, but not by one who was deactivated', async () => {
      await registry.ask('POST', '/api/people', { handle: 'carol', name: 'Carol', roles: ['admin'] });
      await registry.ask('PATCH', '/api/people/carol', { active: false });
      await registry.hear(OwnerResponse, answered({ by: 'carol', reviewId: null }));
      await becomes(mixDough, { status: 'uncertified', version: 2 });
      await registry.ask('PATCH', '/api/people/carol', { active: true });
      await registry.hear(OwnerResponse, answered({ by: 'carol', reviewId: null, responseId: reviewId }));
      await becomes(mixDough, { status: 'certified' });
    });

    it('wait for the record after "yes", and are then asked once more', async () => {
      await registry.hear(ProcessDue, due());
      await registry.hear(OwnerResponse, answered({ answer: 'needs-update' }));
      await becomes(mixDough, { status: 'updating' });
      const tooSoon = await registry.request<Problem>('POST', `/api/processes/${mixDough}/response`, {
        body: { answer: 'correct' },
      });
      expect(tooSoon).toMatchObject({
        status: 409,
        body: { detail: expect.stringContaining('still the same') as string },
      });
      await registry.importText(bakery.replace('salt', 'a little salt'));
      expect(await registry.published(ReviewRequested)).toMatchObject([
        { processId: mixDough, reason: 'record-updated' },
      ]);
      await registry.ask('POST', `/api/processes/${mixDough}/response`, { answer: 'correct' });
      expect(await registry.get(mixDough)).toMatchObject({ status: 'certified' });
    });
  });

  describe('that are answered over HTTP', () => {
    it('are certified in the same moment', async () => {
      const view = await registry.ask<ProcessView>('POST', `/api/processes/${mixDough}/response`, {
        answer: 'correct',
      });
      expect(view).toMatchObject({ status: 'certified', certificationDate: start.toISOString() });
      expect((await history(mixDough)).at(-1)).toMatchObject({ by: 'admin', source: 'http', cause: 'answer: correct' });
    });

    it.each([true, false, undefined])('say whether the record was looked at: %s', async (recordOpened) => {
      await registry.ask('POST', `/api/processes/${mixDough}/response`, {
        answer: 'correct',
        ...(recordOpened === undefined ? {} : { recordOpened }),
      });
      const shown = await registry.ask<ProcessDetail>('GET', `/api/processes/${mixDough}`);
      expect(shown.certification).toMatchObject({ by: 'admin', recordOpened: recordOpened ?? null });
    });

    it('keep a refused answer, and say why', async () => {
      await registry.ask('POST', `/api/processes/${mixDough}/response`, { answer: 'correct' });
      const again = await registry.request<Problem>('POST', `/api/processes/${mixDough}/response`, {
        body: { answer: 'correct' },
      });
      expect(again).toMatchObject({
        status: 409,
        body: { detail: expect.stringMatching(/^Nothing is asked/) as string },
      });
      const kept = 'select refused is null as taken, count(*)::int from response group by 1 order by 1';
      expect(await registry.database.query(kept)).toEqual([
        { taken: false, count: 1 },
        { taken: true, count: 1 },
      ]);
      expect(await registry.get(mixDough)).toMatchObject({ version: 3, status: 'certified' });
    });

    it('are not certified where nobody has written them down', async () => {
      const reply = await registry.request<Problem>('POST', `/api/processes/${sellBread}/response`, {
        body: { answer: 'correct' },
      });
      expect(reply).toMatchObject({
        status: 409,
        body: { detail: expect.stringContaining('add its record') as string },
      });
    });
  });

  describe('that somebody asks about', () => {
    it('are asked for at the scheduler, and change nothing yet', async () => {
      expect((await registry.request('POST', `/api/processes/${mixDough}/ask`)).status).toBe(202);
      expect(await registry.published(ReviewRequested)).toEqual([
        { processId: mixDough, version: 1, reason: 'asked', by: 'admin', at: start.toISOString() },
      ]);
      expect(await registry.get(mixDough)).toMatchObject({ version: 1 });
    });

    it('are all that is written down in a campaign, or those of an owner', async () => {
      expect(await registry.ask('POST', '/api/processes/ask', {})).toEqual({ asked: 2 });
      expect(await registry.ask('POST', '/api/processes/ask', { owner: 'bob' })).toEqual({ asked: 1 });
      const asked = await registry.published(ReviewRequested);
      expect(asked.map((event) => event.processId).toSorted()).toEqual([fireOven, fireOven, mixDough]);
      expect(new Set(asked.map((event) => event.reason))).toEqual(new Set(['campaign']));
    });

    it('must have a record, and not be retired', async () => {
      const gap = await registry.request<Problem>('POST', `/api/processes/${sellBread}/ask`);
      expect(gap).toMatchObject({ status: 409, body: { detail: expect.stringContaining('add its record') as string } });
      await registry.importText(bakery.slice(0, bakery.indexOf('### fire oven')).replace(/.*fire oven.*\n/, ''));
      const retired = await registry.request<Problem>('POST', `/api/processes/${fireOven}/ask`);
      expect(retired).toMatchObject({ status: 409, body: { detail: expect.stringContaining('retired') as string } });
      const patch = await registry.request('PATCH', `/api/processes/${fireOven}`, { body: { owner: null } });
      expect(patch.status).toBe(409);
      expect(await registry.ask('POST', '/api/processes/ask', {})).toEqual({ asked: 1 });
    });
  });
});
