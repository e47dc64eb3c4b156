import { createHash } from 'node:crypto';
import { LoginOffered } from '@recert/contracts';
import { alice, bob, eventually, mallory, MovableClock, startFakeTelegram, testDatabase } from '@recert/testing';
import { type ChatMessage, type FakeTelegram, type FakeUser, type TestDatabase } from '@recert/testing';
import { startNotifier, type NotifierUnderTest } from '../../../notifier-fixture';
import { invite, link } from '../../../telegram-fixture';

const ADDRESS = 'https://recert.example.org';
const LINK = /https:\/\/recert\.example\.org\/login#([\w-]{32})$/;
const MINUTE = 60_000;

describe('a link into the console', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let notifier: NotifierUnderTest;
  let clock: MovableClock;
  let ada: FakeUser;

  const start = async (environment: Record<string, string> = { PUBLIC_URL: ADDRESS }): Promise<void> => {
    clock = new MovableClock(new Date());
    const bot = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
    notifier = await startNotifier(database.url, { ...bot, ...environment }, clock);
    ada = telegram.user(alice);
  };

  beforeEach(async () => {
    database = await testDatabase();
    telegram = await startFakeTelegram();
  });
  afterEach(async () => {
    await notifier.stop();
    await telegram.stop();
    await database.drop();
  });

  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const linksIn = ({ messages }: { messages: readonly ChatMessage[] }): string[] =>
    messages.flatMap(({ text }) => LINK.exec(text)?.[1] ?? []);
  /** Linked, and with the link that everybody gets then; a minute later it is forgotten. */
  const linked = async (handle: string, user: FakeUser): Promise<void> => {
    await link(notifier, telegram, handle, user);
    await eventually(() => expect(linksIn(user)).toHaveLength(1), 10_000);
    clock.advance(MINUTE);
  };
  /** Those that were asked for. */
  const linksOf = (user: FakeUser): string[] => linksIn(user).slice(1);
  const offers = async (): Promise<LoginOffered[]> => {
    const people = await notifier.query('select 1 from person where user_id is not null');
    return (await notifier.published(LoginOffered)).slice(people.length);
  };
  const asksFor = async (user: FakeUser, count: number): Promise<string[]> => {
    user.send('/login');
    return eventually(() => {
      expect(linksOf(user)).toHaveLength(count);
      return linksOf(user);
    }, 10_000);
  };
  const says = async (user: FakeUser, pattern: RegExp): Promise<string> =>
    (await telegram.waitForMessage(user.id, ({ text }) => pattern.test(text), 10_000)).text;

  it('is given to a linked account, and its hash to the registry', async () => {
    await start();
    await linked('alice', ada);
    const [code] = await asksFor(ada, 1);
    expect(await says(ada, LINK)).toMatch(/^This link opens the console, as Alice\. It works once, for five minutes/);
    expect(await offers()).toEqual([
      {
        handle: 'alice',
        codeHash: sha256(code!),
        offeredAt: clock.now().toISOString(),
        expiresAt: new Date(clock.now().getTime() + 5 * MINUTE).toISOString(),
      },
    ]);
    expect(telegram.floods).toEqual([]);
  });

  it('comes with the welcome, so that an invitation opens the console, too', async () => {
    await start();
    ada.start(await invite(notifier, 'alice'));
    const [code] = await eventually(() => {
      expect(linksIn(ada)).toHaveLength(1);
      return linksIn(ada);
    }, 10_000);
    expect(await notifier.published(LoginOffered)).toMatchObject([{ handle: 'alice', codeHash: sha256(code!) }]);
  });

  it('is another one each time, and in no table', async () => {
    await start();
    await linked('alice', ada);
    await asksFor(ada, 1);
    const codes = await asksFor(ada, 2);
    expect(new Set(codes).size).toBe(2);
    const tables = await notifier.query<{ name: string }>(
      `select format('%I', table_name) as name from information_schema.tables
       where table_schema = current_schema() and table_type = 'BASE TABLE'`,
    );
    const expected = ['delivery', 'telegram_update', 'outbox', 'dead_letter'];
    expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(expected));
    const rows = [];
    for (const { name } of tables) rows.push(await notifier.query(`select t::text as row from ${name} t`));
    const kept = JSON.stringify(rows);
    expect(kept).toContain('/login');
    for (const code of codes) {
      expect(kept).toContain(sha256(code));
      expect(kept).not.toContain(code);
    }
  });

  it('is told of in the welcome, and stands in the menu', async () => {
    await start();
    ada.start(await invite(notifier, 'alice'));
    expect(await says(ada, /You are linked/)).toMatch(/\/login gives you a link into the console\. \/help says what/);
    const menu = await eventually(() => {
      const call = telegram.calls.find(({ method }) => method.toLowerCase() === 'setmycommands');
      expect(call).toBeDefined();
      return JSON.stringify(call);
    });
    expect(menu).toContain('login');
  });

  it('is not given to somebody who is not linked, who learns how to get linked', async () => {
    await start();
    const eve = telegram.user(mallory);
    eve.send('/login');
    expect(await says(eve, /not linked/)).toContain('Ask an admin for an invitation link');
    expect(await offers()).toEqual([]);
  });

  it('is not given to somebody who was switched off, or has no role', async () => {
    await start();
    const ben = telegram.user(bob);
    await linked('alice', ada);
    await linked('bob', ben);
    await notifier.person('alice', { active: false });
    await notifier.person('bob', { roles: [] });
    await eventually(async () =>
      expect(await notifier.query('select 1 from person where not active or roles = $1', ['{}'])).toHaveLength(2),
    );
    ada.send('/login');
    ben.send('/login');
    await says(ada, /not linked/);
    await says(ben, /no role/);
    expect(await offers()).toEqual([]);
  });

  it('is not given in a group', async () => {
    await start();
    await linked('alice', ada);
    const group = telegram.group({ title: 'On-call' });
    group.addBot(ada);
    group.send(ada, '/login@recert_test_bot');
    await telegram.waitForMessage(group.id, ({ text }) => /in a private chat/.test(text));
    expect(await offers()).toEqual([]);
  });

  it('cannot be made without PUBLIC_URL, and the bot says so', async () => {
    await start({});
    ada.start(await invite(notifier, 'alice'));
    expect(await says(ada, /You are linked/)).not.toContain('/login');
    ada.send('/login');
    await says(ada, /set PUBLIC_URL/);
    expect(await offers()).toEqual([]);
  });

  it('is given three times a minute', async () => {
    await start();
    telegram.limit(false);
    const ben = telegram.user(bob);
    await linked('alice', ada);
    await linked('bob', ben);
    for (const count of [1, 2, 3]) await asksFor(ada, count);
    const refusals = () => ada.messages.filter(({ text }) => text.includes('three links within a minute')).length;
    for (const [ms, count] of [
      [0, 1],
      [MINUTE - 1, 2],
    ] as const) {
      clock.advance(ms);
      ada.send('/login');
      await eventually(() => expect(refusals()).toBe(count), 10_000);
    }
    await asksFor(ben, 1);
    clock.advance(1);
    await asksFor(ada, 4);
    expect(await offers()).toHaveLength(5);
  }, 30_000);

  it('is said between what waits to be said, no faster than Telegram allows', async () => {
    await start();
    await linked('alice', ada);
    for (const text of ['/mine', '/login', '/status', '/login', '/help']) ada.send(text);
    await eventually(() => {
      expect(linksOf(ada)).toHaveLength(2);
      expect(ada.messages.filter(({ text }) => /You own no|Your processes:|ask the owners/.test(text))).toHaveLength(4);
    }, 15_000);
    expect(telegram.floods).toEqual([]);
  }, 30_000);

  it.each([
    ['told to wait', { retryAfter: 1 }],
    ['sent away', 'bad-gateway'],
  ] as const)('is said again when the bot is %s', async (_, error) => {
    await start();
    await linked('alice', ada);
    telegram.fail('sendMessage', { error });
    await asksFor(ada, 1);
    expect(await offers()).toHaveLength(1);
  });

  it('is lost when it cannot be said, and can be asked for again', async () => {
    await start();
    await linked('alice', ada);
    telegram.fail('sendMessage', { error: 'bad-gateway', times: 3 });
    ada.send('/login');
    const sends = () => telegram.calls.filter(({ method }) => method.toLowerCase() === 'sendmessage').length;
    await eventually(() => expect(sends()).toBe(2 + 3), 15_000);
    const [code] = await asksFor(ada, 1);
    const offered = await offers();
    expect(offered.map(({ codeHash }) => codeHash === sha256(code!))).toEqual([false, true]);
  }, 30_000);
});
