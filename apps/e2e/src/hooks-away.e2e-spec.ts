import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, startFakeTelegram, type FakeTelegram, type FakeUser } from '@recert/testing';
import { linked, type Product, registerProduct, sendKpis } from './story/hooks';
import { standaloneInstallation, type Installation } from './story/installation';
import { BEFORE, writeLibrary } from './story/story-library';

const PRODUCTS = 10;
const MINUTES = 60_000;

describe('100 webhooks that are accepted while Telegram has a bad time', () => {
  let telegram: FakeTelegram;
  let installation: Installation;
  const admins: { product: Product; user: FakeUser }[] = [];
  const undo: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    telegram = await startFakeTelegram();
    undo.push(() => telegram.stop());
    installation = await standaloneInstallation(telegram);
    undo.push(() => installation.stop());
    writeLibrary(installation.libraryPath, BEFORE);
    await installation.start();
    for (let n = 0; n < PRODUCTS; n += 1) {
      const handle = `admin${n}`;
      const user = await linked(installation, telegram, { handle, id: 400_000 + n, roles: ['owner'] });
      const named = { name: `Product ${n}`, owner: handle, admins: [handle] };
      admins.push({ product: await registerProduct(installation.doors, named), user });
    }
  }, 2 * MINUTES);

  afterAll(async () => {
    for (const step of undo.reverse()) await step();
  });

  /** Ten weeks of every product. */
  async function sendYear(year: number): Promise<string[]> {
    const weeks = Array.from({ length: 10 }, (_, at) => `${year}-W${at + 10}`);
    for (const week of weeks) {
      const answers = await Promise.all(
        admins.map(({ product }) => sendKpis(installation.doors, product, { week, kpis: { signups: 1 } })),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(PRODUCTS).fill(202));
    }
    return weeks.map((week) => `week ${week.slice(-2)} (`);
  }

  /** Each of them once, in every chat. */
  const expectAll = (weeks: readonly string[], year: number): Promise<void> =>
    eventually(
      () => {
        for (const { user } of admins) {
          const texts = user.messages.map(({ text }) => text).filter((text) => text.includes(String(year)));
          for (const week of weeks) expect(texts.filter((text) => text.includes(week))).toHaveLength(1);
        }
      },
      MINUTES,
      200,
    );

  it(
    'are told when it was away for 30 s',
    async () => {
      await telegram.down();
      const began = performance.now();
      const weeks = await sendYear(2021);
      await sleep(30_000 - (performance.now() - began));
      await telegram.up();
      await expectAll(weeks, 2021);
    },
    3 * MINUTES,
  );

  it.each([
    ['wait', { retryAfter: 2 }, 2022],
    ['500', 'server-error', 2023],
  ] as const)(
    'are told when it answered "%s" for 10 s',
    async (_, error, year) => {
      for (const method of ['sendPhoto', 'sendMessage']) telegram.fail(method, { error, times: 100_000 });
      const began = performance.now();
      const weeks = await sendYear(year);
      await sleep(10_000 - (performance.now() - began));
      telegram.heal();
      await expectAll(weeks, year);
    },
    3 * MINUTES,
  );
});
