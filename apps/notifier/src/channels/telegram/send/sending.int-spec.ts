import { type MessageView, type Page, PersonLinked } from '@recert/contracts';
import { eventually, startFakeTelegram, testDatabase } from '@recert/testing';
import { type ChatMessage, type FakeTelegram, type FakeUser, type TestDatabase } from '@recert/testing';
import { startNotifier, type NotifierUnderTest } from '../../../notifier-fixture';
import { link } from '../../../telegram-fixture';

describe('sending to Telegram', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let notifier: NotifierUnderTest;
  const people: Someone[] = [];

  const start = async (): Promise<void> => {
    notifier = await startNotifier(database.url, {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
    });
  };
  const linked = async (number: number): Promise<Someone> => {
    const user = telegram.user({ id: 3000 + number, firstName: 'Ada' });
    await link(notifier, telegram, `ada${number}`, user);
    return { user, handle: `ada${number}` };
  };
  /** Somebody who is linked and was never asked. */
  const someone = (): Someone => people.pop()!;
  const questionsOf = (user: FakeUser): readonly ChatMessage[] =>
    user.messages.filter(({ buttons }) => buttons.includes('Yes'));
  const asked = (user: FakeUser, timeoutMs?: number): Promise<ChatMessage> =>
    telegram.waitForMessage(user.id, ({ buttons }) => buttons.includes('Yes'), timeoutMs);
  /** A question that goes out at once. */
  const ask = (owner: Someone) => notifier.due({ owner: owner.handle, reason: 'asked' });
  const messages = async (): Promise<readonly MessageView[]> =>
    ((await (await notifier.fetch('/api/messages')).json()) as Page<MessageView>).items;

  beforeAll(async () => {
    database = await testDatabase();
    telegram = await startFakeTelegram();
    await start();
    const numbers = Array.from({ length: 20 }, (_, i) => i + 1);
    people.push(...(await Promise.all(numbers.map(linked))));
  }, 15_000);

  afterEach(() => {
    telegram.heal();
    expect(telegram.floods).toEqual([]);
  });

  afterAll(async () => {
    await notifier.stop();
    await telegram.stop();
    await database.drop();
  });

  it('keeps to 1 message a second in a chat and 30 overall, with 60 questions to 3 chats', async () => {
    const owners = [someone(), someone(), someone()];
    for (let n = 0; n < 20; n += 1) for (const owner of owners) await ask(owner);
    await eventually(() => expect(owners.map(({ user }) => questionsOf(user).length)).toEqual([20, 20, 20]), 40_000);
    const texts = owners.flatMap(({ user }) => questionsOf(user).map(({ text }) => /R-\d+/.exec(text)![0]));
    expect(new Set(texts).size).toBe(60);
  }, 50_000);

  it('is silent in a chat for as long as Telegram asks, and speaks in others meanwhile', async () => {
    const [hushed, other] = [someone(), someone()];
    telegram.fail('sendMessage', { error: { retryAfter: 2 }, chatId: hushed.user.id });
    await ask(hushed);
    await eventually(() => expect(callsTo(hushed)).toHaveLength(1));
    const toldAt = callsTo(hushed)[0]!.at.getTime();
    await ask(other);
    await asked(other.user, 1500);
    const message = await asked(hushed.user);
    expect(message.at.getTime() - toldAt).toBeGreaterThanOrEqual(2000);
    expect(message.at.getTime() - toldAt).toBeLessThan(3000);
    expect(callsTo(hushed)).toHaveLength(2);
  });

  it('is silent everywhere when two chats are refused at once', async () => {
    const owners = [someone(), someone(), someone()];
    for (const { user } of owners.slice(0, 2))
      telegram.fail('sendMessage', { error: { retryAfter: 2 }, chatId: user.id });
    for (const owner of owners.slice(0, 2)) await ask(owner);
    await eventually(() => expect(owners.slice(0, 2).map((owner) => callsTo(owner).length)).toEqual([1, 1]));
    const toldAt = Math.max(...owners.slice(0, 2).map((owner) => callsTo(owner)[0]!.at.getTime()));
    await ask(owners[2]!);
    const third = await asked(owners[2]!.user);
    expect(third.at.getTime() - toldAt).toBeGreaterThanOrEqual(2000);
    for (const { user } of owners) await asked(user);
  });

  it('keeps silent over a restart', async () => {
    const owner = someone();
    telegram.fail('sendMessage', { error: { retryAfter: 4 }, chatId: owner.user.id });
    await ask(owner);
    await eventually(() => expect(callsTo(owner)).toHaveLength(1));
    await notifier.stop();
    await start();
    const message = await asked(owner.user, 10_000);
    expect(message.at.getTime() - callsTo(owner)[0]!.at.getTime()).toBeGreaterThanOrEqual(4000);
  }, 15_000);

  it('tries again after an error of the server, a page that is no JSON, and no answer: once arrived is enough', async () => {
    const owner = someone();
    telegram.fail('sendMessage', { error: 'server-error', chatId: owner.user.id });
    telegram.fail('sendMessage', { error: 'bad-gateway', chatId: owner.user.id });
    await ask(owner);
    await asked(owner.user, 10_000);
    expect(questionsOf(owner.user)).toHaveLength(1);
  }, 15_000);

  it('repeats a message whose answer was lost once, under the same number', async () => {
    const owner = someone();
    telegram.fail('sendMessage', { error: 'drop-response', chatId: owner.user.id });
    await ask(owner);
    await eventually(() => expect(questionsOf(owner.user)).toHaveLength(2), 10_000);
    const [first, second] = questionsOf(owner.user);
    expect(second!.text).toBe(first!.text);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(questionsOf(owner.user)).toHaveLength(2);
  }, 15_000);

  it('sends again what a process had in hand when it died, under the same number', async () => {
    const owner = someone();
    await ask(owner);
    const message = await asked(owner.user);
    await eventually(async () => expect((await messages())[0]).toMatchObject({ state: 'sent', to: owner.handle }));
    await notifier.stop();
    await start();
    await notifier.stop();
    // As kill -9 between the sending and the mark leaves it.
    const { Client } = await import('pg');
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(
      `update notifier.delivery set state = 'sending', lease_until = now() + interval '30 seconds' where recipient = $1 and question is not null`,
      [owner.handle],
    );
    await client.end();
    await start();
    await eventually(() => expect(questionsOf(owner.user)).toHaveLength(2));
    expect(questionsOf(owner.user)[1]!.text).toBe(message.text);
  }, 20_000);

  it('announces that somebody is lost, keeps the question in the inbox and asks the admins', async () => {
    const [owner, boss] = [someone(), someone()];
    await notifier.person(boss.handle, { roles: ['admin'] });
    await eventually(async () =>
      expect(await notifier.query("select 1 from person where 'admin' = any (roles)")).toHaveLength(1),
    );
    owner.user.deactivate();
    const due = await ask(owner);
    expect((await asked(boss.user)).text).toContain('cannot be reached over Telegram.');
    expect((await notifier.published(PersonLinked)).at(-1)).toMatchObject({
      what: 'lost',
      handle: owner.handle,
      reason: 'deactivated',
    });
    const inbox = (await (await notifier.fetch(`/api/inbox?to=${owner.handle}`)).json()) as Page<{ reviewId: string }>;
    expect(inbox.items.map(({ reviewId }) => reviewId)).toEqual([due.reviewId]);
    const failed = (await messages()).find(({ to }) => to === owner.handle)!;
    expect(failed).toMatchObject({ state: 'failed', error: expect.stringContaining('user is deactivated') as string });
    expect((await notifier.fetch(`/api/messages/${failed.id}/resend`, { method: 'POST' })).status).toBe(200);
    const sent = (await messages()).find(({ state }) => state === 'sent')!;
    expect((await notifier.fetch(`/api/messages/${sent.id}/resend`, { method: 'POST' })).status).toBe(409);
    expect((await notifier.fetch('/api/messages/999999/resend', { method: 'POST' })).status).toBe(404);
  });

  it('follows a chat to its new id', async () => {
    const [owner, moved] = [someone(), someone()];
    telegram.fail('sendMessage', { error: { migratedTo: moved.user.id }, chatId: owner.user.id });
    await ask(owner);
    await asked(moved.user);
    expect(questionsOf(owner.user)).toEqual([]);
  });

  it('sends the outcome as a message where the question was deleted', async () => {
    const owner = someone();
    const due = await ask(owner);
    const message = await asked(owner.user);
    await fetch(`${telegram.url}/bot${telegram.token}/deleteMessage?chat_id=${owner.user.id}&message_id=${message.id}`);
    await notifier.registered(due, { status: 'retired' });
    await telegram.waitForMessage(owner.user.id, ({ text }) => text.includes('No longer in the library.'));
  });

  it('pages through the messages, newest first', async () => {
    const page = async (query: string): Promise<Page<MessageView>> =>
      (await (await notifier.fetch(`/api/messages?${query}`)).json()) as Page<MessageView>;
    const first = await page('limit=3');
    const second = await page(`limit=3&cursor=${first.next}`);
    const ids = [...first.items, ...second.items].map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(new Set(ids).size).toBe(6);
    expect((await notifier.fetch('/api/messages?cursor=nonsense')).status).toBe(400);
  });

  it('lists the messages of one state or to somebody', async () => {
    const owner = someone();
    await ask(owner);
    await asked(owner.user);
    const all = await messages();
    const found = async (query: string): Promise<readonly string[]> =>
      ((await (await notifier.fetch(`/api/messages?${query}`)).json()) as Page<MessageView>).items.map(({ id }) => id);
    const failed = all.filter(({ state }) => state === 'failed').map(({ id }) => id);
    expect(await found('state=failed')).toEqual(failed);
    const theirs = all.filter(({ to }) => to === owner.handle).map(({ id }) => id);
    expect(theirs.length).toBeGreaterThan(0);
    expect(await found(`to=${owner.handle}`)).toEqual(theirs);
    expect(await found(`to=${owner.handle}&state=failed`)).toEqual([]);
    expect((await notifier.fetch('/api/messages?state=lost')).status).toBe(400);
  });

  function callsTo({ user }: Someone): readonly { at: Date }[] {
    return telegram.calls.filter(
      ({ method, parameters }) =>
        method === 'sendMessage' &&
        (parameters as { chat_id?: unknown }).chat_id === user.id &&
        String((parameters as { text?: unknown }).text).includes('Review your process'),
    );
  }
});

interface Someone {
  readonly user: FakeUser;
  readonly handle: string;
}
