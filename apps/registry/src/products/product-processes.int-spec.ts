import { writeFileSync } from 'node:fs';
import {
  ProcessDue,
  ProcessRegistered,
  ProcessRetired,
  ProductRegistered,
  ReviewRequested,
  type HistoryView,
  type ImportReport,
  type Page,
  type Problem,
} from '@recert/contracts';
import { eventually, MovableClock, testDatabase, type TestDatabase } from '@recert/testing';
import { bakery, bakeryOfProducts, deploy, fireOven, mixDough, sellBread, sendNumbers } from '../fixtures/bakery';
import { RunningRegistry } from '../fixtures/running-registry';

const clock = new MovableClock('2026-11-20T09:00:00.000Z');
const LUGHA_DEPLOY = `lugha-${deploy}`;
const KUHAMA_DEPLOY = `kuhama-${deploy}`;

const text = (pattern: RegExp): string => expect.stringMatching(pattern) as string;

describe('the processes of products', () => {
  let database: TestDatabase;
  let registry: RunningRegistry;

  beforeEach(async () => {
    database = await testDatabase();
    registry = await RunningRegistry.start(database.url, bakeryOfProducts, {}, clock);
    for (const handle of ['grace', 'carol']) await registry.ask('POST', '/api/people', { handle, name: handle });
  });
  afterEach(async () => {
    await registry.stop();
    await database.drop();
  });

  const add = (name: string, owner: string, admins: string[] = []) =>
    registry.ask('POST', '/api/products', { name, owner, admins });
  const edit = (id: string, body: object) => registry.ask('PATCH', `/api/products/${id}`, body);
  const addBoth = async (): Promise<void> => {
    await add('Lugha', 'grace', ['grace', 'carol']);
    await add('Kuhama', 'ada');
  };
  const owners = async () =>
    Object.fromEntries((await registry.list()).map(({ id, owner, deputy }) => [id, [owner, deputy]]));
  const statuses = async () => Object.fromEntries((await registry.list()).map(({ id, status }) => [id, status]));
  const certify = (id: string) => registry.ask('POST', `/api/processes/${id}/response`, { answer: 'correct' });
  const wishes = async () =>
    (await registry.published(ReviewRequested)).map(({ processId, reason }) => [processId, reason]);

  it('come with each product, in the transaction that registers it', async () => {
    await addBoth();
    expect(await owners()).toEqual({
      ...{ [sellBread]: [null, null], [mixDough]: ['ada', null], [fireOven]: ['bob', 'ada'] },
      ...{ [deploy]: ['ada', null], [sendNumbers]: ['bob', null] },
      ...{ [LUGHA_DEPLOY]: ['grace', 'carol'], [`lugha-${sendNumbers}`]: ['grace', 'carol'] },
      ...{ [KUHAMA_DEPLOY]: ['ada', null], [`kuhama-${sendNumbers}`]: ['ada', null] },
    });
    expect(await registry.get(LUGHA_DEPLOY)).toMatchObject({
      ...{ name: 'Lugha: deploy', section: 'Care', product: 'lugha', triggerPeriod: 'P3M', status: 'uncertified' },
      ...{ documented: true, nextDueAt: '2026-11-20T09:05:00.000Z' },
    });
    const record = await registry.ask<{ record: string }>('GET', `/api/processes/${LUGHA_DEPLOY}`);
    expect(record.record).toContain('Merge into main.');
    const { items } = await registry.ask<Page<HistoryView>>('GET', `/api/processes/${LUGHA_DEPLOY}/history`);
    expect(items).toMatchObject([{ field: 'status', new: 'uncertified', cause: 'product lugha was registered' }]);
    const causes = await registry.database.query<{ subject: string; correlation: string }>(
      `select distinct headers->>'ce-correlationid' as correlation from outbox
       where payload like '%"lugha"%' and subject in ($1, $2)`,
      [ProductRegistered.subject, ProcessRegistered.subject],
    );
    expect(causes).toHaveLength(1);
  });

  it('come with an import too, which lists them', async () => {
    await registry.importText(bakery);
    await addBoth();
    expect(await registry.list()).toHaveLength(5);
    const report = await registry.importText(bakeryOfProducts.replaceAll('deploy', 'release'));
    expect(report.created.map(({ name }) => name)).toEqual([
      ...['release', 'Kuhama: release', 'Lugha: release', 'Kuhama: send numbers', 'Lugha: send numbers'],
    ]);
    expect(report.restored.map(({ name }) => name)).toEqual(['send numbers']);
  });

  it('leave the record that they come from out of every question', async () => {
    await addBoth();
    const listed = (await registry.list()).find(({ id }) => id === deploy);
    expect(listed).toMatchObject({ product: 'each', documented: true, status: 'uncertified', nextDueAt: null });
    for (const [path, body] of [
      ['ask', { reason: 'asked' }],
      ['response', { answer: 'correct' }],
      ['response', { answer: 'needs-update' }],
    ] as const) {
      const reply = await registry.request<Problem>('POST', `/api/processes/${deploy}/${path}`, { body });
      expect(reply).toMatchObject({ status: 409, body: { detail: text(/each product's own process is reviewed/) } });
    }
    expect(await registry.ask('POST', '/api/processes/ask', { section: 'Care' })).toEqual({ asked: 4 });
    expect((await wishes()).map(([id]) => id)).not.toContain(deploy);
    expect(await registry.get(deploy)).toMatchObject({ status: 'uncertified', nextDueAt: null });
  });

  it('leave that record alone even where somebody opens a review of it, who sees it closed', async () => {
    const reviewId = '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10';
    await registry.hear(ProcessDue, {
      ...{ processId: deploy, version: 1, reviewId, openedAt: clock.now().toISOString(), name: 'deploy' },
      ...{ section: 'Care', owner: 'ada', deputy: null, url: null, reason: 'first-review', reminder: 0 },
      ...{ dueAt: clock.now().toISOString(), askedBy: null },
    });
    await eventually(async () => {
      const told = (await registry.published(ProcessRegistered)).findLast(({ processId }) => processId === deploy);
      expect(told).toMatchObject({ version: 2, status: 'uncertified', review: { id: reviewId, open: false } });
    });
    expect(await registry.get(deploy)).toMatchObject({ status: 'uncertified', nextDueAt: null });
  });

  it('are asked about again where the record is edited, each for itself', async () => {
    await addBoth();
    await certify(LUGHA_DEPLOY);
    const report = await registry.importText(bakeryOfProducts.replace('into main', 'into trunk'));
    expect(report.changed.map(({ id }) => id)).toEqual([deploy, KUHAMA_DEPLOY, LUGHA_DEPLOY]);
    expect(await wishes()).toEqual([[LUGHA_DEPLOY, 'record-edited']]);
  });

  it('are the same after the same text, which is read anew only where products have changed', async () => {
    await addBoth();
    const load = () => registry.ask<ImportReport>('POST', '/api/library/import', {});
    const nothing = { created: [], changed: [], retired: [], restored: [] };
    const imports = () => registry.database.query('select xmin::text from library');
    for (let time = 0; time < 2; time += 1) expect(await load()).toMatchObject({ ...nothing, unchanged: 9 });
    const before = await imports();
    expect(await load()).toMatchObject({ unchanged: 9 });
    expect(await imports()).toEqual(before);
    await edit('kuhama', { active: false });
    expect(await load()).toMatchObject({ ...nothing, unchanged: 7 });
    expect(await imports()).not.toEqual(before);
  });

  it('retire with the record, with its line, or with the product, and come back with them', async () => {
    await addBoth();
    await certify(LUGHA_DEPLOY);
    const without = bakeryOfProducts.replace(/### deploy[^]*?### /, '### ');
    expect((await registry.importText(without)).retired.map(({ id }) => id).toSorted()).toEqual([
      ...[deploy, KUHAMA_DEPLOY, LUGHA_DEPLOY],
    ]);
    expect((await registry.importText(bakeryOfProducts)).restored).toHaveLength(3);
    expect(await registry.get(LUGHA_DEPLOY)).toMatchObject({ status: 'uncertified', certificationDate: null });

    const alone = await registry.importText(bakeryOfProducts.replace('product: each\ntrigger', 'trigger'));
    expect(alone.retired.map(({ id }) => id).toSorted()).toEqual([KUHAMA_DEPLOY, LUGHA_DEPLOY]);
    expect(await registry.get(deploy)).toMatchObject({ product: null, nextDueAt: '2026-11-20T09:05:00.000Z' });
    await registry.importText(bakeryOfProducts);
    expect(await registry.get(deploy)).toMatchObject({ product: 'each', nextDueAt: null });

    await edit('lugha', { active: false });
    expect(await statuses()).toMatchObject({ [LUGHA_DEPLOY]: 'retired', [KUHAMA_DEPLOY]: 'uncertified' });
    expect((await registry.published(ProcessRetired)).at(-1)).toMatchObject({ owner: 'grace' });
    const asked = await registry.request<Problem>('POST', `/api/processes/${LUGHA_DEPLOY}/ask`, { body: {} });
    expect(asked).toMatchObject({ status: 409, body: { detail: text(/"lugha" is not active/) } });
    await edit('lugha', { active: true });
    expect(await statuses()).toMatchObject({ [LUGHA_DEPLOY]: 'uncertified' });
    expect(await registry.ask('GET', '/api/audit/verify')).toMatchObject({ ok: true });
  });

  it('have the name and the owner of the product, where nobody was named by hand', async () => {
    await addBoth();
    await certify(LUGHA_DEPLOY);
    await registry.ask('PATCH', `/api/processes/lugha-${sendNumbers}`, { owner: 'bob' });
    await edit('lugha', { owner: 'carol', name: 'Lugha 2' });
    expect(await owners()).toMatchObject({
      [LUGHA_DEPLOY]: ['carol', 'grace'],
      [`lugha-${sendNumbers}`]: ['bob', 'grace'],
      [KUHAMA_DEPLOY]: ['ada', null],
    });
    expect(await registry.get(LUGHA_DEPLOY)).toMatchObject({ name: 'Lugha 2: deploy' });
    expect(await wishes()).toEqual([[LUGHA_DEPLOY, 'owner-changed']]);
    const { items } = await registry.ask<Page<HistoryView>>('GET', `/api/processes/${LUGHA_DEPLOY}/history`);
    expect(items.findLast(({ field }) => field === 'owner')).toMatchObject({
      ...{ old: 'grace', new: 'carol', cause: 'product lugha: edit', source: 'http', by: 'admin' },
    });
    await registry.importText(bakeryOfProducts.replace('into main', 'into trunk'));
    expect((await owners())[`lugha-${sendNumbers}`]).toEqual(['bob', 'grace']);
  });

  it('go to the heir with the product when its owner is deactivated', async () => {
    await addBoth();
    await registry.ask('PATCH', `/api/processes/${KUHAMA_DEPLOY}`, { owner: 'grace' });
    const keep = await registry.request<Problem>('PATCH', '/api/people/grace', { body: { active: false } });
    expect(keep).toMatchObject({
      status: 409,
      body: { detail: text(/owns 3 processes and a product: name who takes over/) },
    });
    await registry.ask('PATCH', '/api/people/grace?heir=carol', { active: false });
    expect(await registry.ask('GET', '/api/products/lugha')).toMatchObject({
      owner: 'carol',
      admins: ['carol'],
      version: 2,
    });
    expect(await owners()).toMatchObject({
      ...{ [LUGHA_DEPLOY]: ['carol', null], [`lugha-${sendNumbers}`]: ['carol', null] },
      [KUHAMA_DEPLOY]: ['carol', null],
    });
    expect((await registry.published(ProductRegistered)).at(-1)).toMatchObject({ productId: 'lugha', owner: 'carol' });
    expect(await registry.importText(`${bakeryOfProducts}\n`)).toMatchObject({ changed: [] });
    expect(await registry.ask('GET', '/api/audit/verify')).toMatchObject({ ok: true });
  });

  it('that is not active needs no heir, and goes to the one who is named', async () => {
    await addBoth();
    await edit('lugha', { active: false });
    await registry.ask('PATCH', '/api/people/grace?heir=carol', { active: false });
    expect(await registry.ask('GET', '/api/products/lugha')).toMatchObject({ owner: 'carol', active: false });
    await registry.ask('PATCH', '/api/people/carol', { active: false });
    expect(await registry.ask('GET', '/api/products/lugha')).toMatchObject({ owner: 'carol', admins: [] });
    await edit('lugha', { owner: 'bob', active: true });
    expect((await owners())[LUGHA_DEPLOY]).toEqual(['bob', null]);
  });

  it('lose an admin who is deactivated for a deputy, and need no heir for that', async () => {
    await addBoth();
    await registry.ask('PATCH', '/api/people/carol', { active: false });
    expect(await registry.ask('GET', '/api/products/lugha')).toMatchObject({ admins: ['grace'] });
    expect((await owners())[LUGHA_DEPLOY]).toEqual(['grace', null]);
  });

  it('are right whatever comes at the same moment', async () => {
    await addBoth();
    writeFileSync(registry.library, bakeryOfProducts.replace('into main', 'into trunk'));
    const replies = await Promise.all([
      registry.request('POST', '/api/library/import', { body: {} }),
      registry.request('POST', '/api/products', { body: { name: 'Third', owner: 'ada' } }),
      registry.request('PATCH', '/api/products/lugha', { body: { name: 'Lugha 2' } }),
      registry.request('PATCH', '/api/people/grace?heir=carol', { body: { active: false } }),
      registry.request('POST', `/api/processes/${KUHAMA_DEPLOY}/response`, { body: { answer: 'correct' } }),
      registry.request('PATCH', `/api/processes/${LUGHA_DEPLOY}`, { body: { triggerPeriod: 'P1M' } }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([200, 201, 200, 200, 200, 200]);
    expect(await registry.get(`third-${deploy}`)).toMatchObject({ owner: 'ada' });
    expect(await registry.get(LUGHA_DEPLOY)).toMatchObject({
      ...{ name: 'Lugha 2: deploy', owner: 'carol', triggerPeriod: 'P1M' },
    });
    expect(await registry.ask('POST', '/api/library/import', {})).toMatchObject({ changed: [], created: [] });
    expect(await registry.ask('GET', '/api/audit/verify')).toMatchObject({ ok: true });
  });
});
