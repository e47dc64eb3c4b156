import { KpiMissed, KpiReceived } from '@recert/contracts';
import { eventually, MovableClock, startFakeTelegram, testDatabase } from '@recert/testing';
import { type ChatMessage, type FakeTelegram, type FakeUser, type TestDatabase } from '@recert/testing';
import { compose } from '../messages/rich-text';
import { startNotifier, type NotifierUnderTest } from '../notifier-fixture';
import { link } from '../telegram-fixture';
import { KpiChart } from './kpi-chart';
import { figure, missed, report, sixFigures } from './kpi-examples';
import { KpiSummary } from './kpi-summary';

const HOUR_MS = 3_600_000;

describe('KPIs in Telegram', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let notifier: NotifierUnderTest;
  let admin: FakeUser;
  let owner: FakeUser;
  const clock = new MovableClock(new Date());
  let products = 100;

  beforeAll(async () => {
    database = await testDatabase();
    telegram = await startFakeTelegram({ limits: false });
    const environment = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
    notifier = await startNotifier(database.url, environment, clock);
    admin = telegram.user({ id: 3001, firstName: 'Carol' });
    owner = telegram.user({ id: 3002, firstName: 'Ada' });
    await link(notifier, telegram, 'carol', admin);
    await link(notifier, telegram, 'ada', owner);
    await notifier.person('carol', { roles: ['admin'] });
    await eventually(async () =>
      expect(await notifier.query("select 1 from person where 'admin' = any (roles)")).toHaveLength(1),
    );
  }, 20_000);

  afterEach(() => {
    jest.restoreAllMocks();
  });

  afterAll(async () => {
    await notifier.stop();
    await telegram.stop();
    await database.drop();
  });

  /** A product that no other test speaks of, with whose name its messages begin. */
  const newProduct = () => ({ productId: `product-${(products += 1)}`, productName: `Product ${products}` });
  const received = (of: Partial<KpiReceived>): Promise<void> => notifier.publish(KpiReceived, report(of));
  const isMissed = (of: Partial<KpiMissed>): Promise<void> => notifier.publish(KpiMissed, missed(of));
  const saying = (user: FakeUser, said: string): Promise<ChatMessage> =>
    telegram.waitForMessage(user.id, ({ text }) => text.includes(said), 8000);
  const said = (user: FakeUser, words: string): ChatMessage[] =>
    user.messages.filter(({ text }) => text.includes(words));
  /** Waits until everything that was published was handled, and everything that was to be said was said. */
  const settled = (): Promise<void> =>
    eventually(async () => {
      const [row] = await notifier.query<{ events: number; handled: number; waiting: number }>(
        `select (select count(*)::int from outbox where subject in ('kpi.received', 'kpi.missed', 'person.linked')) as events,
           (select count(*)::int from inbox where consumer like 'notifier.%kpis%') as handled,
           (select count(*)::int from delivery where state in ('waiting', 'sending')) as waiting`,
      );
      expect(row).toEqual({ events: row!.handled, handled: row!.handled, waiting: 0 });
    });

  it('sends a chart to the admins, with the week in words under it', async () => {
    const product = newProduct();
    await received({ ...product, figures: [...sixFigures] });
    const message = await saying(admin, `${product.productName}, week 47 (16 to 22 November 2026)`);
    expect(message.hasPhoto).toBe(true);
    expect(message.text).toContain('\nsignups: 12 · +3 (+33%) on last week');
    expect(message.entities[0]).toEqual({ type: 'bold', offset: 0, length: product.productName.length });
    expect(said(owner, product.productName)).toEqual([]);
  });

  it('says a correction in the same message, and tells nothing twice', async () => {
    const product = newProduct();
    await received(product);
    const message = await saying(admin, product.productName);
    const correction = { ...product, version: 3, corrected: ['signups'], figures: [figure({ value: 13 })] };
    await received(correction);
    const edited = await telegram.waitForEdit(message, ({ text }) => text.includes('signups: 13'));
    expect([message.hasPhoto, edited.hasPhoto, edited.photo]).toEqual([true, true, expect.any(Buffer)]);
    expect(edited.photo).not.toEqual(message.photo);
    expect(edited.text).toMatch(/\nCorrected on .*: signups\.\n\nsignups: 13 .* · corrected$/);
    await received(correction);
    await received({ ...product, version: 2, corrected: ['signups'], figures: [figure({ value: 99 })] });
    await received(product);
    await settled();
    expect(said(admin, product.productName)).toHaveLength(1);
    expect(edited.edits).toHaveLength(1);
  });

  it('sends a test as a message of its own, which changes nothing of its week', async () => {
    const product = newProduct();
    const tested = { ...product, test: true, testBy: 'ada', figures: [figure({ value: 77 })] };
    const now = (message: ChatMessage) => admin.messages.find(({ id }) => id === message.id)!;
    const tests = () => said(admin, product.productName).filter(({ text }) => text.startsWith('This is a test'));
    // Before there is a report, and after it; as a correction, and once more.
    await received(tested);
    const first = await saying(admin, product.productName);
    expect(first.hasPhoto).toBe(true);
    expect(first.text).toMatch(/^This is a test sent by ada: nothing of it was counted\.\nProduct \d+, week 47 /);
    const known = () => notifier.query('select * from kpi_week where product_id = $1', [product.productId]);
    expect(await known()).toEqual([]);
    await received(product);
    const message = await telegram.waitForMessage(admin.id, ({ text }) => text.startsWith(product.productName), 8000);
    await settled();
    const before = await known();
    await received({ ...tested, version: 2, corrected: ['signups'] });
    await received({ ...tested, version: 2, corrected: ['signups'] });
    await eventually(() => expect(tests()).toHaveLength(3));
    await settled();
    expect(await known()).toEqual(before);
    expect([now(message).edits, now(first).edits]).toEqual([[], []]);
    expect(now(message).text).toContain('signups: 12');
    expect(said(owner, product.productName)).toEqual([]);
    await received({ ...product, version: 2, corrected: ['signups'], figures: [figure({ value: 13 })] });
    await telegram.waitForEdit(message, ({ text }) => text.includes('signups: 13'));
    expect([now(message).edits.length, now(first).edits.length, tests().length]).toEqual([1, 0, 3]);
  });

  it('asks on for what is missing when a test of it comes', async () => {
    const product = newProduct();
    await isMissed(product);
    const question = await saying(owner, product.productName);
    await received({ ...product, test: true, testBy: 'ada' });
    await saying(admin, `\n${product.productName}, week 47`);
    await settled();
    expect(owner.messages.find(({ id }) => id === question.id)!.edits).toEqual([]);
    await isMissed({ ...product, level: 'admins' });
    await eventually(() => {
      const told = said(admin, product.productName).filter(({ text }) => !text.startsWith('This is a test'));
      expect(told).toHaveLength(1);
    });
  });

  it('says a correction under the chart that is there where none can be drawn any more', async () => {
    const product = newProduct();
    await received(product);
    const message = await saying(admin, product.productName);
    jest.spyOn(KpiChart.prototype, 'draw').mockResolvedValue(null);
    await received({ ...product, version: 2, corrected: ['signups'], figures: [figure({ value: 13 })] });
    const edited = await telegram.waitForEdit(message, ({ text }) => text.includes('signups: 13'));
    expect(edited.photo).toEqual(message.photo);
  });

  it('says a correction anew after two days, and the old message leads to it', async () => {
    const product = newProduct();
    await received(product);
    const message = await saying(admin, product.productName);
    await settled();
    clock.advance(48 * HOUR_MS);
    await received({ ...product, version: 2, corrected: ['signups'], figures: [figure({ value: 13 })] });
    const anew = await telegram.waitForMessage(
      admin.id,
      ({ text }) => text.startsWith(product.productName) && text.includes('signups: 13'),
    );
    expect([anew.hasPhoto, anew.id > message.id]).toEqual([true, true]);
    await telegram.waitForEdit(message, ({ text }) => text.endsWith('the message below replaces this one.'));
    await received({ ...product, version: 3, corrected: ['signups'], figures: [figure({ value: 14 })] });
    await telegram.waitForEdit(anew, ({ text }) => text.includes('signups: 14'));
    await settled();
    expect(said(admin, product.productName)).toHaveLength(2);
  });

  it('goes on in a second message where the caption is full, and ends it when it is not needed', async () => {
    const product = newProduct();
    const figures = Array.from({ length: 14 }, (_, i) => figure({ name: `KPI ${i + 1}` }));
    await received({ ...product, figures });
    const more = await saying(admin, `${product.productName}, week 47, continued`);
    const [first] = said(admin, `${product.productName}, week 47 (`);
    expect([first!.hasPhoto, more.hasPhoto, first!.id < more.id]).toEqual([true, false, true]);
    expect(`${first!.text}\n${more.text}`.match(/^KPI \d+:/gm)).toHaveLength(14);
    await received({ ...product, version: 2, corrected: [], figures: figures.slice(0, 2) });
    await telegram.waitForEdit(more, ({ text }) => text.endsWith('Everything is in the message above now.'));
  });

  it('says the words without a chart where none can be drawn', async () => {
    const product = newProduct();
    jest.spyOn(KpiChart.prototype, 'draw').mockResolvedValue(null);
    await received({ ...product, figures: Array.from({ length: 14 }, (_, i) => figure({ name: `KPI ${i + 1}` })) });
    const message = await saying(admin, product.productName);
    expect([message.hasPhoto, message.text.includes('KPI 14:')]).toEqual([false, true]);
    await received({ ...product, version: 2, corrected: ['signups'], figures: [figure({ value: 13 })] });
    jest.restoreAllMocks();
    const edited = await telegram.waitForEdit(message, ({ text }) => text.includes('signups: 13'));
    await received({ ...product, version: 3, corrected: ['signups'], figures: [figure({ value: 14 })] });
    const again = await telegram.waitForEdit(edited, ({ text }) => text.includes('signups: 14'));
    expect(again.hasPhoto).toBe(false);
  });

  it('asks the owner for what is missing, then tells the admins, and both when it has come', async () => {
    const product = newProduct();
    await isMissed(product);
    const asked = await saying(owner, `No KPIs of ${product.productName} for week 47.`);
    expect(asked.text).not.toContain('owner');
    await settled();
    expect(said(admin, product.productName)).toEqual([]);
    await isMissed({ ...product, level: 'admins' });
    const told = await saying(admin, `No KPIs of ${product.productName}`);
    expect(told.text).toMatch(/ Its owner is Ada\.$/);
    await received({ ...product, late: true });
    for (const message of [asked, told])
      await telegram.waitForEdit(message, ({ text }) =>
        text.startsWith(`The KPIs of ${product.productName} for week 47 arrived`),
      );
    expect((await saying(admin, `${product.productName}, week 47 (`)).text).toContain('\nLate: it arrived on ');
    await settled();
    expect(said(owner, product.productName)).toHaveLength(1);
  });

  it('tells the admins at once, and not again, when the owner cannot be reached', async () => {
    const product = newProduct();
    await isMissed({ ...product, owner: 'zoe' });
    expect((await saying(admin, `No KPIs of ${product.productName}`)).text).toMatch(/ Its owner is zoe\.$/);
    await isMissed({ ...product, owner: 'zoe', level: 'admins' });
    await settled();
    expect(said(admin, product.productName)).toHaveLength(1);
  });

  it('does not ask for what has come in the meantime', async () => {
    const product = newProduct();
    await received(product);
    await saying(admin, product.productName);
    await isMissed(product);
    await settled();
    expect(said(owner, product.productName)).toEqual([]);
  });

  it('knows the latest week of every product, and what is missing after it', async () => {
    const [one, two] = [newProduct(), newProduct()];
    await received({ ...one, week: '2026-W47' });
    await received({ ...one, week: '2026-W46', figures: [figure({ value: 5 })] });
    await isMissed({ ...one, week: '2026-W48' });
    await isMissed({ ...one, week: '2026-W45' });
    await isMissed(two);
    await settled();
    const summary = notifier.running.app.get(KpiSummary, { strict: false });
    const { text } = compose(await summary.text(notifier.database.dataSource.manager));
    expect(text).toContain(`${one.productName}, week 47 (16 to 22 November 2026)\nsignups: 12 `);
    expect(text).toMatch(new RegExp(`target 10 met\nWeek 48 is missing\\.\n\n${two.productName}: nothing was ever`));
  });
});
