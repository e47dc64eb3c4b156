import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { alice, bob } from '../people';
import { type Update } from './api-types';
import { caller } from './bot-api-suite';
import { type FakeTelegram, startFakeTelegram } from './fake-telegram';
import { type FakeUser } from './fake-user';

let telegram: FakeTelegram;
let call: ReturnType<typeof caller>;
let owner: FakeUser;

beforeEach(async () => {
  telegram = await startFakeTelegram({ limits: false });
  call = caller(telegram);
  owner = telegram.user(alice);
});

afterEach(() => telegram.stop());

const chat_id = alice.id;
const poll = async (parameters: object = {}): Promise<Update[]> => (await call('getUpdates', parameters)).result;
const ask = async () => {
  const reply_markup = {
    inline_keyboard: [
      [
        { text: 'Yes', callback_data: 'y:1' },
        { text: 'Open', url: 'https://a.b' },
      ],
    ],
  };
  await call('sendMessage', { chat_id, text: 'Review it?', reply_markup });
  return telegram.waitForMessage(chat_id);
};

describe('getUpdates', () => {
  it('gives the same updates until they are confirmed by a higher offset', async () => {
    owner.start('code');
    owner.send('hello');
    const [first, second] = await poll();
    expect(first?.message).toMatchObject({
      text: '/start code',
      entities: [{ type: 'bot_command', offset: 0, length: 6 }],
      chat: { id: chat_id, type: 'private' },
    });
    expect(await poll()).toHaveLength(2);
    expect(await poll({ offset: second?.update_id })).toEqual([second]);
    expect(telegram.confirmedOffset).toBe(second?.update_id);
    expect(await poll({ offset: Number(second?.update_id) + 1 })).toEqual([]);
    expect(telegram.pendingUpdates).toEqual([]);
  });

  it('gives at most as many as asked for, the oldest first', async () => {
    const sent = [owner.send('1'), owner.send('2'), owner.send('3')];
    expect(await poll({ limit: 2 })).toEqual(sent.slice(0, 2));
    expect(await poll({ offset: -1 })).toEqual(sent.slice(2));
  });

  it('waits for the next update, and answers in the moment in which it comes', async () => {
    const waiting = poll({ timeout: 30 });
    setTimeout(() => owner.send('now'), 50);
    const started = performance.now();
    expect(await waiting).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('waits no longer than the timeout', async () => {
    const started = performance.now();
    expect(await poll({ timeout: 1 })).toEqual([]);
    expect(performance.now() - started).toBeGreaterThan(950);
  });

  it('ends the poll of another instance', async () => {
    const first = call('getUpdates', { timeout: 30 });
    while (telegram.calls.length === 0) await new Promise(setImmediate);
    const second = call('getUpdates', { timeout: 1 });
    expect(await first).toMatchObject({
      status: 409,
      description: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    });
    expect((await second).status).toBe(200);
  });

  it('gives only the kinds that were asked for since', async () => {
    await poll({ allowed_updates: ['callback_query'] });
    owner.start();
    expect(owner.block()).toBeUndefined();
    expect(await poll()).toEqual([]);
  });

  it('forgets a press after 150 seconds and a message after a day', async () => {
    owner.start();
    owner.tap(await ask(), 'Yes');
    telegram.advance(149_000);
    expect(await poll()).toHaveLength(2);
    telegram.advance(1_000);
    expect(await poll()).toHaveLength(1);
    telegram.advance(24 * 3600_000);
    expect(await poll()).toEqual([]);
  });

  it('repeats a confirmed update when the test says so', async () => {
    const update = owner.send('once') as Update;
    await poll({ offset: update.update_id + 1 });
    telegram.redeliver(update);
    expect(await poll({ offset: update.update_id + 1 })).toEqual([update]);
    expect(await poll({ offset: update.update_id + 1 })).toEqual([]);
  });
});

describe('a press', () => {
  beforeEach(() => void owner.start());

  it('carries the message as it is, and its answer reaches the person', async () => {
    const message = await ask();
    const press = owner.tap(message, 'Yes');
    expect(press.update?.callback_query).toMatchObject({
      id: press.queryId,
      from: { id: chat_id },
      data: 'y:1',
      message: { message_id: message.id, text: 'Review it?', chat: { id: chat_id } },
    });
    const answer = press.answer();
    await call('answerCallbackQuery', { callback_query_id: press.queryId, text: 'Thank you', show_alert: true });
    expect(await answer).toMatchObject({ text: 'Thank you', showAlert: true });
  });

  it('is too old to answer after 150 seconds, and so is one that never was', async () => {
    const { queryId } = owner.tap(await ask(), 0);
    const answer = async (id: string) => (await call('answerCallbackQuery', { callback_query_id: id })).description;
    telegram.advance(149_000);
    expect(await answer(queryId)).toBeUndefined();
    telegram.advance(2_000);
    const tooOld = 'Bad Request: query is too old and response timeout expired or query ID is invalid';
    expect(await answer(queryId)).toBe(tooOld);
    expect(await answer('1')).toBe(tooOld);
  });

  it('of a button that is gone or is a link is a mistake of the test', async () => {
    const message = await ask();
    expect(() => owner.tap(message, 'No')).toThrow('is not there, but [Yes | Open]');
    expect(() => owner.tap(message, 'Open')).toThrow('is a link');
    await call('editMessageReplyMarkup', { chat_id, message_id: message.id });
    expect(() => owner.tap(message, 'Yes')).toThrow('is not there, but []');
    expect(owner.press(message, 'y:1').update?.callback_query?.data).toBe('y:1');
  });

  it('of a message in somebody else’s chat is not possible', async () => {
    const message = await ask();
    const other = telegram.user(bob);
    expect(() => other.press(message, 'y:1')).toThrow('Bob cannot see message');
  });

  it('carries no content when the message was deleted', async () => {
    const message = await ask();
    await call('deleteMessage', { chat_id, message_id: message.id });
    expect(owner.press(message, 'y:1').update?.callback_query?.message).toEqual({
      chat: { id: chat_id, type: 'private', first_name: 'Alice', username: 'alice_tg' },
      message_id: message.id,
      date: 0,
    });
  });
});

describe('blocking', () => {
  it('tells the bot that it was thrown out and let in again', () => {
    owner.start();
    expect(owner.unblock()).toBeUndefined();
    expect(owner.block()?.my_chat_member).toMatchObject({
      chat: { id: chat_id },
      old_chat_member: { status: 'member' },
      new_chat_member: { status: 'kicked', until_date: 0, user: telegram.bot },
    });
    owner.start();
    const [, , unblocked, start] = telegram.pendingUpdates;
    expect(unblocked?.my_chat_member?.new_chat_member.status).toBe('member');
    expect(start?.message?.text).toBe('/start');
  });
});

describe('the webhook', () => {
  const receiver = async (answer: (body: Update, count: number) => { status: number; body?: object }) => {
    const received: { update: Update; secret: string | undefined }[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const update = JSON.parse(Buffer.concat(chunks).toString()) as Update;
        received.push({ update, secret: request.headers['x-telegram-bot-api-secret-token'] as string | undefined });
        const { status, body } = answer(update, received.length);
        response.writeHead(status).end(body === undefined ? '' : JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const until = async (count: number) => {
      while (received.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
      return received;
    };
    return { url, until, close: () => new Promise((resolve) => server.close(resolve)) };
  };

  it('gets every update in order with the secret, and polling is refused meanwhile', async () => {
    const bot = await receiver(() => ({ status: 200 }));
    owner.start();
    await call('setWebhook', { url: bot.url, secret_token: 'S3cret_-' });
    owner.send('second');
    const received = await bot.until(2);
    expect(received.map(({ update }) => update.message?.text)).toEqual(['/start', 'second']);
    expect(received.map(({ secret }) => secret)).toEqual(['S3cret_-', 'S3cret_-']);
    expect(await call('getUpdates')).toMatchObject({
      status: 409,
      description:
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    });
    await call('deleteWebhook');
    expect((await call('getUpdates')).status).toBe(200);
    await bot.close();
  });

  it('repeats what was not taken, and says so', async () => {
    const bot = await receiver((_update, count) => ({ status: count < 3 ? 500 : 200 }));
    await call('setWebhook', { url: bot.url });
    owner.start();
    await bot.until(2);
    const info = (await call('getWebhookInfo')).result as { last_error_message?: string };
    expect(info).toMatchObject({ url: bot.url, pending_update_count: 1 });
    expect(info.last_error_message).toBe('Wrong response from the webhook: 500 Internal Server Error');
    const received = await bot.until(3);
    expect(new Set(received.map(({ update }) => update.update_id)).size).toBe(1);
    await bot.close();
  });

  it('pushes an update a second time when the test says so', async () => {
    const bot = await receiver(() => ({ status: 200 }));
    await call('setWebhook', { url: bot.url });
    const update = owner.start() as Update;
    await bot.until(1);
    telegram.redeliver(update);
    expect((await bot.until(2)).map((one) => one.update.update_id)).toEqual([update.update_id, update.update_id]);
    await bot.close();
  });

  it('runs the method that the bot answers with', async () => {
    const bot = await receiver(() => ({ status: 200, body: { method: 'sendMessage', chat_id, text: 'Welcome' } }));
    await call('setWebhook', { url: bot.url });
    owner.start();
    expect((await telegram.waitForMessage(chat_id)).text).toBe('Welcome');
    await bot.close();
  });

  it.each([
    [{ url: 'ftp://a.b' }, 'bad webhook: An HTTPS URL must be provided for webhook'],
    [{ url: 'https://a.b', secret_token: 'a b' }, 'secret token contains unallowed characters'],
    [{ url: 'https://a.b', secret_token: 'a'.repeat(257) }, 'secret token is too long'],
  ])('refuses %j', async (parameters, description) => {
    expect((await call('setWebhook', parameters)).description).toBe(`Bad Request: ${description}`);
  });
});
