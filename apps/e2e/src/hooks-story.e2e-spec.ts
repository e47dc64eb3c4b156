import { type AlertView, type KpiView, type Page, type ProcessView, type TokenListView } from '@recert/contracts';
import { eventually, startFakeTelegram, type FakeTelegram } from '@recert/testing';
import { current, linked, registerProduct, sendAlert, sendKpis, sendSentry, uptimeIssue } from './story/hooks';
import { installationOf, KINDS, type Installation } from './story/installation';
import { BEFORE, writeLibrary } from './story/story-library';

const MINUTES = 60_000;
const PATIENCE_MS = 60_000;

describe.each(KINDS)('the story of a product, %s', (which) => {
  let telegram: FakeTelegram;
  let installation: Installation;
  const undo: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    telegram = await startFakeTelegram();
    undo.push(() => telegram.stop());
    installation = await installationOf(which, telegram, undo);
    writeLibrary(installation.libraryPath, BEFORE);
    await installation.start();
  });

  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  it(
    'goes from its registration to KPIs and alerts that admins read, answer and see resolved',
    async () => {
      const { doors } = installation;
      const carol = await linked(installation, telegram, { handle: 'carol', id: 200_001, roles: ['admin'] });
      const lugha = await registerProduct(doors, { name: 'Lugha', owner: 'ada', sentryProject: 'lugha' });
      expect(lugha).toMatchObject({
        id: 'lugha',
        token: expect.stringMatching(/^recert_/) as string,
        hooks: { kpi: expect.stringMatching(/\/hooks\/kpi\/lugha$/) as string },
      });
      const each = await eventually(async () => {
        const { items } = await doors.processes();
        const found = items.find((process: ProcessView) => process.product === 'lugha');
        expect(found).toBeDefined();
        return found!;
      });
      expect(each).toMatchObject({ owner: 'ada', name: expect.stringContaining('Lugha: ') as string });

      // Two weeks of KPIs, one of them corrected.
      expect((await sendKpis(doors, lugha, { week: '2026-W45', kpis: { signups: 9 } })).status).toBe(202);
      await telegram.waitForMessage(carol.id, (message) => /week 45/.test(message.text), PATIENCE_MS);
      const figures = [{ name: 'signups', value: 12, unit: 'users', target: 10 }];
      const first = await sendKpis(doors, lugha, { week: '2026-W46', kpis: figures });
      expect(await sendKpis(doors, lugha, { week: '2026-W46', kpis: figures })).toEqual({
        status: 200,
        id: first.id,
      });
      const week = await telegram.waitForMessage(carol.id, (message) => /week 46/.test(message.text), PATIENCE_MS);
      expect(week.hasPhoto).toBe(true);
      expect(week.text).toMatch(/signups.*12 users/);
      await sendKpis(doors, lugha, { week: '2026-W46', kpis: { signups: 13 } });
      await eventually(() => expect(current(telegram, week).text).toMatch(/signups.*13 users/), PATIENCE_MS);
      const series = await doors.request<Page<KpiView>>('GET', '/api/kpis?product=lugha', undefined, 'kpi-ingest');
      expect(series.items.map(({ week: name, value }) => [name, value])).toEqual([
        ['2026-W45', 9],
        ['2026-W46', 13],
      ]);
      expect(series.items[1]!.corrections.map(({ value }) => value)).toEqual([12]);

      // A test arrives beside them, and counts for nothing.
      const test = { product: 'lugha', week: '2026-W46', kpis: { signups: 99 } };
      await doors.request('POST', '/api/kpis/test', test, 'kpi-ingest');
      const told = await telegram.waitForMessage(carol.id, ({ text }) => /^This is a test/.test(text), PATIENCE_MS);
      expect([told.hasPhoto, /signups.*99/.test(told.text)]).toEqual([true, true]);
      expect(current(telegram, week).text).toMatch(/signups.*13 users/);
      const after = await doors.request<Page<KpiView>>('GET', '/api/kpis?product=lugha', undefined, 'kpi-ingest');
      expect(after).toEqual(series);

      // Which token reported is seen where tokens are listed.
      await eventually(async () => {
        const { items } = await doors.request<Page<TokenListView>>('GET', '/api/tokens');
        expect(items.find(({ product }) => product === 'lugha')!.lastUsedAt).not.toBeNull();
      }, PATIENCE_MS);

      // An outage, acknowledged in the chat and over when Sentry says so.
      const began = new Date();
      await sendSentry(doors, 'issue', uptimeIssue('4200', 'lugha', 'created', began));
      const outage = await telegram.waitForMessage(
        carol.id,
        (message) => message.text.includes('Downtime detected'),
        PATIENCE_MS,
      );
      expect(outage.text).toContain('Lugha');
      carol.tap(
        outage,
        outage.buttons.find((label) => /acknowledge/i.test(label))!,
      );
      await eventually(() => expect(current(telegram, outage).text).toMatch(/carol/i), PATIENCE_MS);
      const [alert] = (await doors.request<Page<AlertView>>('GET', '/api/alerts?status=open', undefined, 'alert-relay'))
        .items;
      expect(alert).toMatchObject({
        product: 'lugha',
        kind: 'uptime',
        severity: 'critical',
        acknowledgedBy: 'carol',
      });
      await sendSentry(doors, 'issue', uptimeIssue('4200', 'lugha', 'resolved', new Date(began.getTime() + 90_000)));
      await eventually(() => expect(current(telegram, outage).text).toMatch(/over after/i), PATIENCE_MS);
      expect(current(telegram, outage).buttons.some((label) => /acknowledge/i.test(label))).toBe(false);

      // A script of one's own: one message, however often it says so.
      for (const n of [1, 2, 3])
        await sendAlert(doors, lugha, { title: 'The backup is late', key: 'backup', detail: `${n}` });
      const backup = await telegram.waitForMessage(
        carol.id,
        (message) => message.text.includes('The backup is late'),
        PATIENCE_MS,
      );
      await eventually(() => expect(current(telegram, backup).text).toMatch(/3 times|×\s?3|3×/), PATIENCE_MS);
      const { id } = (
        await doors.request<Page<AlertView>>('GET', '/api/alerts?status=open', undefined, 'alert-relay')
      ).items.find((one) => one.title === 'The backup is late')!;
      await doors.request('POST', `/api/alerts/${id}/resolve`, {}, 'alert-relay');
      await eventually(() => expect(current(telegram, backup).text).toMatch(/over after|resolved/i), PATIENCE_MS);
      expect(telegram.chat(carol.id).messages.filter(({ text }) => text.includes('The backup is late'))).toHaveLength(
        1,
      );
      expect(telegram.floods).toEqual([]);
      for (const service of ['registry', 'notifier', 'kpi-ingest', 'alert-relay'])
        expect((await doors.request<Page<unknown>>('GET', '/api/dead-letters', undefined, service)).items).toEqual([]);
    },
    4 * MINUTES,
  );
});
