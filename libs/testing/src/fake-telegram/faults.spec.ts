import { alice } from '../people';
import { caller } from './bot-api-suite';
import { type FakeTelegram, startFakeTelegram } from './fake-telegram';

let telegram: FakeTelegram;
let call: ReturnType<typeof caller>;

beforeEach(async () => {
  telegram = await startFakeTelegram({ limits: false });
  call = caller(telegram);
  telegram.user(alice).start();
});

afterEach(() => telegram.stop());

const chat_id = alice.id;
const send = () => call('sendMessage', { chat_id, text: 'x' });
const sent = () => telegram.chat(chat_id).messages.filter(({ from }) => from.is_bot).length;

describe('a token', () => {
  it('that is not the bot’s is unauthorized, and one that is none is not found', async () => {
    expect(await caller(telegram, '700001:other')('getMe')).toMatchObject({ status: 401, description: 'Unauthorized' });
    expect(await caller(telegram, 'none')('getMe')).toMatchObject({ status: 404, description: 'Not Found' });
    expect((await call('getMe')).result).toMatchObject({ id: 700001, is_bot: true, username: 'recert_test_bot' });
  });
});

describe('calls that are not understood', () => {
  it('are refused, each with its reason', async () => {
    expect(await call('sendPigeon')).toMatchObject({ status: 404, description: 'Not Found: method not found' });
    const url = `${telegram.url}/bot${telegram.token}/sendMessage`;
    const body = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{' });
    expect(body.status).toBe(400);
    expect((await call('setMyCommands', { commands: [{ command: 'Mine', description: 'x' }] })).description).toBe(
      'Bad Request: BOT_COMMAND_INVALID',
    );
    expect((await call('setMyCommands', { commands: [{ command: 'mine', description: 'x' }] })).status).toBe(200);
    expect((await call('getChat', { chat_id: 5 })).description).toBe('Bad Request: chat not found');
  });
});

describe('a planned fault', () => {
  it.each([
    ['blocked', 403, 'Forbidden: bot was blocked by the user'],
    ['deactivated', 403, 'Forbidden: user is deactivated'],
    ['kicked', 403, 'Forbidden: bot was kicked from the supergroup chat'],
    ['server-error', 500, 'Internal Server Error'],
    ['unauthorized', 401, 'Unauthorized'],
    [{ retryAfter: 35 }, 429, 'Too Many Requests: retry after 35'],
    [{ migratedTo: -100 }, 400, 'Bad Request: group chat was upgraded to a supergroup chat'],
  ] as const)('%j is the answer and has no effect', async (error, status, description) => {
    telegram.fail('sendMessage', { error });
    expect(await send()).toMatchObject({ status, description });
    expect(sent()).toBe(0);
    expect((await send()).status).toBe(200);
  });

  it('happens as often as planned, to the planned chat alone', async () => {
    telegram.fail('sendMessage', { error: 'server-error', times: 2, chatId: chat_id });
    telegram.user({ id: 7, firstName: 'Seven' }).start();
    expect((await call('sendMessage', { chat_id: 7, text: 'x' })).status).toBe(200);
    expect([(await send()).status, (await send()).status, (await send()).status]).toEqual([500, 500, 200]);
  });

  it('drop-response does it and answers nothing', async () => {
    telegram.fail('sendMessage', { error: 'drop-response' });
    await expect(send()).rejects.toThrow('fetch failed');
    expect(sent()).toBe(1);
    expect(telegram.calls.at(-1)).toMatchObject({ method: 'sendMessage', status: 0 });
  });

  it('timeout does nothing and answers nothing', async () => {
    telegram.fail('sendMessage', { error: 'timeout' });
    const url = `${telegram.url}/bot${telegram.token}/sendMessage?chat_id=${chat_id}&text=x`;
    await expect(fetch(url, { signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout');
    expect(sent()).toBe(0);
  });

  it('bad-gateway is a page and no JSON', async () => {
    telegram.fail('sendMessage', { error: 'bad-gateway' });
    await expect(send()).rejects.toThrow('is not valid JSON');
  });

  it('is forgotten on request', async () => {
    telegram.fail('sendMessage', { error: 'server-error', times: 9 });
    telegram.heal();
    expect((await send()).status).toBe(200);
  });
});

describe('being down', () => {
  it('breaks the poll that waits, refuses connections, and forgets nothing', async () => {
    await send();
    const { url } = telegram;
    const waiting = call('getUpdates', { timeout: 30, offset: -1 });
    const later = call('getUpdates', { timeout: 30, offset: 2 ** 31 });
    await waiting;
    const broken = expect(later).rejects.toThrow('fetch failed');
    await telegram.down();
    await broken;
    await expect(send()).rejects.toThrow('fetch failed');
    await telegram.up();
    expect(telegram.url).toBe(url);
    expect((await send()).status).toBe(200);
    expect(sent()).toBe(2);
  });
});

describe('waiting for a message that does not come', () => {
  it('says what is in the chat', async () => {
    await send();
    await expect(telegram.waitForMessage(chat_id, ({ text }) => text === 'y', 50)).rejects.toThrow(
      /No such message in chat 1001 within 50 ms. It has:\n {2}901: \/start \[\]\n {2}902: x \[\]/,
    );
  });
});
