import { createHash } from 'node:crypto';
import { PersonLinked } from '@recert/contracts';
import { alice, bob, eventually, mallory, startFakeTelegram, testDatabase } from '@recert/testing';
import { type FakeTelegram, type FakeUser, type TestDatabase } from '@recert/testing';
import { startNotifier, type NotifierUnderTest } from '../../notifier-fixture';
import { invitationOf, invite, QUESTION } from '../../telegram-fixture';

describe('linking a Telegram account to a person', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let notifier: NotifierUnderTest;

  beforeEach(async () => {
    database = await testDatabase();
    telegram = await startFakeTelegram();
    notifier = await startNotifier(database.url, {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
    });
  });

  afterEach(async () => {
    await notifier.stop();
    await telegram.stop();
    await database.drop();
  });

  const says = async (user: FakeUser, pattern: RegExp): Promise<string> =>
    (await telegram.waitForMessage(user.id, ({ text }) => pattern.test(text))).text;
  const links = async (): Promise<PersonLinked[]> =>
    (await notifier.published(PersonLinked)).filter(({ what }) => what !== 'bot-up');

  it('announces the bot once, under its name', async () => {
    await eventually(async () =>
      expect(await notifier.published(PersonLinked)).toMatchObject([{ what: 'bot-up', username: 'recert_test_bot' }]),
    );
    await notifier.stop();
    notifier = await startNotifier(database.url, {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
    });
    const before = telegram.calls.filter(({ method }) => method === 'getUpdates').length;
    await eventually(() =>
      expect(telegram.calls.filter(({ method }) => method === 'getUpdates').length).toBeGreaterThan(before),
    );
    expect(await notifier.published(PersonLinked)).toHaveLength(1);
  });

  it('binds the account that opens the link, says what the person owns, and sends what waits', async () => {
    const due = await notifier.due();
    await notifier.registered(due);
    const ada = telegram.user(alice);
    ada.start(await invite(notifier, 'alice'));
    expect(await says(ada, /linked/)).toBe(
      'You are linked, as Alice.\n\nYou own 1 process:\n• deploy product releases: due, waits for an answer\n\n/help says what I can do.',
    );
    expect(await links()).toMatchObject([{ what: 'linked', handle: 'alice', account: '1001', channel: 'telegram' }]);
    expect(await says(ada, /Review/)).toContain(QUESTION);
  });

  it('waits for an invitation whose event is still on its way', async () => {
    const ada = telegram.user(alice);
    const code = 'a-code-that-comes-a-bit-later';
    ada.start(code);
    await new Promise((resolve) => setTimeout(resolve, 700));
    await notifier.person('alice', {
      invitation: {
        codeHash: createHash('sha256').update(code).digest('hex'),
        expiresAt: new Date(Date.now() + 60_000).toISOString(),
      },
    });
    await says(ada, /You are linked, as Alice/);
  });

  it('links by a code it did not know yet, as soon as it hears of the invitation', async () => {
    const ada = telegram.user(alice);
    const { code, invitation } = invitationOf();
    ada.start(code);
    expect(await says(ada, /do not know this link/)).toContain(
      'If it is a good one, I link you as soon as I hear of it.',
    );
    await notifier.person('alice', { invitation });
    await says(ada, /You are linked, as Alice/);
    expect(await links()).toMatchObject([{ handle: 'alice', account: '1001' }]);
  });

  it('links nobody by a code that was known too late, but says so', async () => {
    const ada = telegram.user(alice);
    const { code, invitation } = invitationOf(-1);
    ada.start(code);
    await says(ada, /do not know this link/);
    await notifier.person('alice', { invitation });
    await says(ada, /expired/);
    expect(await links()).toEqual([]);
  });

  it('reads a code again once only, however often it hears of the invitation', async () => {
    const ada = telegram.user(alice);
    const { code, invitation } = invitationOf();
    ada.start(code);
    await says(ada, /do not know this link/);
    for (const name of ['Alice', 'Alice B.', 'Alice C.']) await notifier.person('alice', { invitation, name });
    await says(ada, /You are linked/);
    ada.send('/help');
    await says(ada, /I ask the owners/);
    expect(ada.messages.filter(({ text }) => /linked/.test(text))).toHaveLength(1);
  });

  it('refuses a link that was used, to another account with a sentence and to the same one as well', async () => {
    const [ada, eve] = [telegram.user(alice), telegram.user(mallory)];
    const code = await invite(notifier, 'alice');
    ada.start(code);
    await says(ada, /You are linked/);
    eve.start(code);
    expect(await says(eve, /used already/)).toContain('Your Telegram id is 6666.');
    ada.start(code);
    await says(ada, /linked already, as Alice/);
    expect(await links()).toHaveLength(1);
  });

  it('refuses a link that has expired', async () => {
    const ada = telegram.user(alice);
    ada.start(await invite(notifier, 'alice', -1));
    await says(ada, /expired/);
    expect(await links()).toEqual([]);
  });

  it("refuses the account that is somebody else's already", async () => {
    const ada = telegram.user(alice);
    ada.start(await invite(notifier, 'alice'));
    await says(ada, /You are linked/);
    ada.start(await invite(notifier, 'bob'));
    await says(ada, /belongs to Alice already/);
    expect(await links()).toHaveLength(1);
  });

  it('refuses a group, and the code stays good', async () => {
    const ada = telegram.user(alice);
    const group = telegram.group({ title: 'On-call' });
    group.addBot(ada);
    const code = await invite(notifier, 'alice');
    group.send(ada, `/start@recert_test_bot ${code}`);
    await telegram.waitForMessage(group.id, ({ text }) => /A group cannot be linked/.test(text));
    expect(await links()).toEqual([]);
    ada.start(code);
    await says(ada, /You are linked/);
  });

  it('moves to another account by a new invitation with what is open, and tells the old one', async () => {
    const [ada, other] = [telegram.user(alice), telegram.user(bob)];
    ada.start(await invite(notifier, 'alice'));
    await says(ada, /You are linked/);
    await notifier.due({ reason: 'asked' });
    await says(ada, /Review/);
    other.start(await invite(notifier, 'alice'));
    await says(other, /You are linked, as Alice/);
    await says(ada, /linked to another Telegram account/);
    await says(other, /Review/);
    expect(await links()).toMatchObject([{ account: '1001' }, { account: '1002' }]);
  });

  it('lets nobody guess: after five codes in vain even a good one is refused', async () => {
    const eve = telegram.user(mallory);
    telegram.limit(false);
    for (let n = 0; n < 5; n += 1) eve.start(`guess${n}`);
    await eventually(
      () => expect(eve.messages.filter(({ text }) => /do not know this link/.test(text))).toHaveLength(5),
      15_000,
    );
    eve.start(await invite(notifier, 'alice'));
    await telegram.waitForMessage(eve.id, ({ text }) => /Too many codes/.test(text), 10_000);
    expect(await links()).toEqual([]);
  }, 30_000);

  it('tells anybody their own id, and how to get linked', async () => {
    const eve = telegram.user(mallory);
    for (const text of ['/start', '/help', '/mine', 'hello']) eve.send(text);
    await eventually(
      () => expect(eve.messages.filter(({ text }) => text.includes('Your Telegram id is 6666.'))).toHaveLength(4),
      10_000,
    );
    expect(telegram.floods).toEqual([]);
  }, 15_000);
});
