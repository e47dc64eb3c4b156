import { randomUUID } from 'node:crypto';
import { type OwnerResponse, PersonLinked, type ProcessDue } from '@recert/contracts';
import { bob, eventually, mallory, startFakeTelegram, testDatabase } from '@recert/testing';
import { type ChatMessage, type FakeTelegram, type FakeUser, type TestDatabase } from '@recert/testing';
import { startNotifier, type NotifierUnderTest } from '../../notifier-fixture';
import { link, QUESTION } from '../../telegram-fixture';

describe('asking over Telegram', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let notifier: NotifierUnderTest;
  const people: Someone[] = [];

  beforeAll(async () => {
    database = await testDatabase();
    telegram = await startFakeTelegram();
    notifier = await startNotifier(database.url, {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
      PUBLIC_URL: 'https://recert.example.org',
    });
    const numbers = Array.from({ length: 20 }, (_, i) => i + 1);
    people.push(...(await Promise.all(numbers.map(linked))));
  }, 15_000);

  afterAll(async () => {
    expect(telegram.floods).toEqual([]);
    await notifier.stop();
    await telegram.stop();
    await database.drop();
  });

  const linked = async (number: number): Promise<Someone> => {
    const user = telegram.user({ id: 2000 + number, firstName: 'Ada' });
    await link(notifier, telegram, `ada${number}`, user);
    return { user, handle: `ada${number}`, name: `Ada${number}` };
  };
  /** Somebody who is linked and was never asked. */
  const someone = (): Someone => people.pop()!;
  const admin = async (): Promise<Someone> => {
    // One admin at a time, so that no test has to look after those of the others.
    await notifier.query("update person set active = false where 'admin' = any (roles)");
    const person = someone();
    await notifier.person(person.handle, { roles: ['admin'] });
    await eventually(async () =>
      expect(await notifier.query("select 1 from person where active and 'admin' = any (roles)")).toHaveLength(1),
    );
    return person;
  };
  const asked = (user: FakeUser, more: (message: ChatMessage) => boolean = () => true): Promise<ChatMessage> =>
    telegram.waitForMessage(user.id, (message) => message.buttons.includes('Yes') && more(message));
  const response = (due: ProcessDue, n = 1): Promise<OwnerResponse> =>
    eventually(async () => {
      const responses = await notifier.responses(due);
      expect(responses).toHaveLength(n);
      return responses[n - 1]!;
    });
  const edited = (message: ChatMessage, pattern: RegExp): Promise<ChatMessage> =>
    telegram.waitForEdit(message, ({ text }) => pattern.test(text));

  it("asks in the seed's words, under the name in bold, with buttons and a link of its own", async () => {
    const owner = someone();
    const due = await notifier.due({ owner: owner.handle, reminder: 2 });
    const message = await asked(owner.user);
    expect(message.text).toMatch(
      /^deploy product releases\nproduct maintenance\n\nThe period since its last certification is over\.\n\n.*\n\nNever certified · R-\d+ · reminder 2$/,
    );
    expect(message.text).toContain(QUESTION);
    expect(message.entities).toEqual([{ type: 'bold', offset: 0, length: due.name.length }]);
    expect(message.buttons).toEqual(['Yes', 'No', 'Not mine', 'Later', 'Open the record']);
    expect(message.keyboard[2]![0]!.url).toMatch(/^https:\/\/recert\.example\.org\/r\/[A-Za-z0-9_-]{22}$/);
    const [sent] = telegram.calls.filter(({ method }) => method === 'sendMessage').slice(-1);
    expect(sent!.parameters).not.toHaveProperty('parse_mode');
  });

  it('publishes the answer, says that it was noted, and shows the certification once it is decided', async () => {
    const { user, handle, name } = someone();
    const due = await notifier.due({ owner: handle });
    await notifier.registered(due);
    const message = await asked(user);
    expect(await user.tap(message, 'No').answer()).toMatchObject({ text: 'Noted', showAlert: false });
    const answer = await response(due);
    expect(answer).toMatchObject({
      processId: due.processId,
      reviewId: due.reviewId,
      answer: 'correct',
      by: handle,
      channel: 'telegram',
      recordOpened: false,
    });
    await notifier.certify(due, answer);
    const outcome = await edited(message, new RegExp(`Certified until \\d{4}-\\d\\d-\\d\\d, by ${name}\\.`));
    expect(outcome.buttons).toEqual([]);
    expect(outcome.edits).toHaveLength(1);
  });

  it('knows that the record was opened before the answer, and counts no preview as that', async () => {
    const { user, handle } = someone();
    const due = await notifier.due({ owner: handle });
    const message = await asked(user);
    const path = new URL(message.keyboard[2]![0]!.url!).pathname;
    for (const init of [{ method: 'HEAD' }, { headers: { 'user-agent': 'TelegramBot (like TwitterBot)' } }]) {
      expect((await notifier.fetch(path, init)).status).toBe(302);
    }
    expect(await notifier.query('select 1 from question where opened_at is not null')).toEqual([]);
    const opened = await notifier.fetch(path);
    expect([opened.status, opened.headers.get('location')]).toEqual([302, due.url]);
    user.tap(message, 'No');
    expect((await response(due)).recordOpened).toBe(true);
    expect((await notifier.fetch('/r/aaaaaaaaaaaaaaaaaaaaaa')).status).toBe(404);
  });

  it('says thank you to Yes, and asks once more when the record was updated', async () => {
    const { user, handle } = someone();
    const due = await notifier.due({ owner: handle });
    await notifier.registered(due);
    const message = await asked(user);
    user.tap(message, 'Yes');
    const answer = await response(due);
    await notifier.decide(due, answer, { status: 'updating', updatingSince: answer.at });
    await edited(message, /Thank you\. Update the record; I ask once more when it has changed\./);
    await notifier.due({ ...due, reason: 'record-updated', reminder: 1, version: 3 });
    const again = await asked(user, ({ id }) => id !== message.id);
    expect(again.text).toContain('You updated it. Is it correct now?');
    expect(again.text).toContain(QUESTION);
  });

  it('shows when it will ask again after Later, and that Not mine went to the admins', async () => {
    const { user, handle } = someone();
    const due = await notifier.due({ owner: handle });
    const message = await asked(user);
    user.tap(message, 'Later');
    const { reviewId: id, openedAt, reason } = due;
    const review = { id, openedAt, reason, open: true, reminder: 0, disownedBy: null };
    const snoozedUntil = '2027-03-04T11:00:00.000Z';
    await notifier.decide(due, await response(due), { review: { ...review, snoozedUntil } });
    await edited(message, /I will ask again on 2027-03-04\./);
    await notifier.due({ ...due, reminder: 1 });
    const again = await asked(user, (one) => one.id !== message.id);
    user.tap(again, 'Not mine');
    const disowned = { ...review, reminder: 1, snoozedUntil: null, disownedBy: handle };
    await notifier.decide(due, await response(due, 2), { review: disowned });
    await edited(again, /Passed on to the admins\./);
  });

  it('shows the sentence of a refusal and gives the buttons back', async () => {
    const { user, handle } = someone();
    const due = await notifier.due({ owner: handle });
    const message = await asked(user);
    const before = message.keyboard[0]![1]!.callback_data!;
    user.tap(message, 'No');
    await notifier.decide(due, await response(due), { status: 'updating' }, 'Change the record first.');
    const open = await edited(message, /Change the record first\./);
    expect(open.text).toContain(QUESTION);
    expect(open.buttons).toEqual(['Yes', 'No', 'Not mine', 'Later', 'Open the record']);
    expect(await user.press(open, before).answer()).toMatchObject({ showAlert: true });
    user.tap(open, 'Yes');
    expect((await response(due, 2)).answer).toBe('needs-update');
  });

  it('takes ten presses of one button as one answer', async () => {
    const { user, handle } = someone();
    const due = await notifier.due({ owner: handle });
    const message = await asked(user);
    const presses = Array.from({ length: 10 }, () => user.tap(message, 'No'));
    const answers = await Promise.all(presses.map((press) => press.answer()));
    expect(answers.filter(({ text }) => text === 'Noted')).toHaveLength(1);
    expect(answers.filter(({ showAlert }) => showAlert)).toHaveLength(9);
    expect(await notifier.responses(due)).toHaveLength(1);
  });

  it('takes no press of another account, no forged one and no stale one, and says why', async () => {
    const { user, handle } = someone();
    const due = await notifier.due({ owner: handle });
    const message = await asked(user);
    const data = message.keyboard[0]![0]!.callback_data!;
    const eve = telegram.user(mallory);
    eve.send('hello');
    const hers = await telegram.waitForMessage(eve.id);
    const otherAnswer = data.replace('needs-update', 'correct');
    for (const forged of [data, otherAnswer, `${'A'.repeat(22)}:correct`, 'take:7741896899', 'x'.repeat(64), '']) {
      expect(await eve.press(hers, forged).answer()).toMatchObject({ showAlert: true });
    }
    expect(await user.press(message, otherAnswer).answer()).toMatchObject({ showAlert: true });
    await notifier.registered(due, { status: 'retired' });
    await edited(message, /No longer in the library\./);
    expect((await user.press(message, data).answer()).text).toContain('no longer open');
    expect(await notifier.responses(due)).toEqual([]);
  });

  it('lets the older message point to the newer one when it reminds', async () => {
    const { user, handle } = someone();
    const due = await notifier.due({ owner: handle });
    const first = await asked(user);
    await notifier.due({ ...due, reminder: 1, reason: 'asked' });
    const second = await asked(user, ({ id }) => id !== first.id);
    const number = /R-\d+/.exec(second.text)![0];
    expect((await edited(first, /Asked again below/)).text).toContain(`Asked again below, as ${number}.`);
  });

  it('shows everybody who was asked what somebody else answered', async () => {
    const { user, handle } = someone();
    const due = await notifier.due({ owner: handle, deputy: 'bob' });
    const message = await asked(user);
    await notifier.person('bob');
    await eventually(async () =>
      expect(await notifier.query("select 1 from person where handle = 'bob'")).toHaveLength(1),
    );
    const at = new Date().toISOString();
    const given = {
      id: randomUUID(),
      reviewId: due.reviewId,
      answer: 'needs-update',
      by: 'bob',
      channel: 'inbox',
      at,
    } as const;
    await notifier.registered(due, { status: 'updating', lastResponse: { ...given, refused: null } });
    await edited(message, /Answered by Bob: the record will be updated\./);
  });

  it('tells the former owner whose question it is now', async () => {
    const { user, handle } = someone();
    const due = await notifier.due({ owner: handle });
    const message = await asked(user);
    await notifier.registered(due, { owner: 'zoe' });
    await edited(message, /Now asked of zoe\./);
  });

  it('asks the deputy, then the admins, and says why', async () => {
    const [owner, deputy, { user: boss }] = [someone(), someone(), await admin()];
    const due = await notifier.due({ owner: owner.handle, deputy: deputy.handle });
    await notifier.registered(due);
    await notifier.overdue(due, { level: 'deputy', reason: 'no-answer' });
    expect((await asked(deputy.user)).text).toContain(`${owner.name} has not answered in time.`);
    await notifier.overdue(due, { level: 'admins', reason: 'not-mine' });
    expect((await asked(boss)).text).toContain(`${owner.name} says that it is not theirs`);
  });

  it('asks the admins too when the owner has no Telegram, and the owner as soon as they have', async () => {
    const { user: boss } = await admin();
    const newcomer = telegram.user(bob);
    await notifier.person('newcomer');
    await notifier.due({ owner: 'newcomer' });
    expect((await asked(boss)).text).toContain('ewcomer cannot be reached over Telegram.');
    await link(notifier, telegram, 'newcomer', newcomer);
    await asked(newcomer);
  });

  it('passes the question of somebody who blocks the bot to the admins, and forgives', async () => {
    const [{ user, handle, name }, { user: boss }] = [someone(), await admin()];
    const links = async (): Promise<unknown[]> =>
      (await notifier.published(PersonLinked)).filter((link) => 'handle' in link && link.handle === handle);
    await notifier.due({ owner: handle });
    await asked(user);
    user.block();
    expect((await asked(boss)).text).toContain(`${name} cannot be reached over Telegram.`);
    expect(await links()).toMatchObject([{ what: 'linked' }, { what: 'lost', reason: 'blocked' }]);
    user.unblock();
    await eventually(async () => expect((await links()).at(-1)).toMatchObject({ what: 'linked' }));
  });

  it('answers /mine, /status and /due, and asks again right there', async () => {
    const { user, handle } = someone();
    const due = await notifier.due({ owner: handle });
    await notifier.registered(due);
    const first = await asked(user);
    user.send('/mine');
    await telegram.waitForMessage(user.id, ({ text }) => text.includes('• deploy product releases: due'));
    user.send('/status');
    await telegram.waitForMessage(user.id, ({ text }) => /^Your processes:\n0 certified\n1 due\n/.test(text));
    user.send('/due');
    await telegram.waitForMessage(user.id, ({ text }) => text.startsWith('One question waits for your answer'));
    const again = await asked(user, ({ id }) => id !== first.id);
    expect(/R-\d+/.exec(again.text)).toEqual(/R-\d+/.exec(first.text));
    await edited(first, /Asked again below/);
    user.tap(again, 'No');
    expect((await response(due)).reviewId).toBe(due.reviewId);
  }, 15_000);
});

interface Someone {
  readonly user: FakeUser;
  readonly handle: string;
  readonly name: string;
}
