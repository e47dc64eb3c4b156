import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectTransport, newEventId, type Transport } from '@recert/bus';
import { type EventContract, PersonChanged, ProcessDue } from '@recert/contracts';
import { eventually, spawnService, startFakeTelegram, testDatabase } from '@recert/testing';
import {
  type ChatMessage,
  type FakeTelegram,
  type FakeUser,
  type SpawnedService,
  type TestDatabase,
} from '@recert/testing';
import { Client } from 'pg';
import { invitationOf } from '../../telegram-fixture';

const PEOPLE = 12;
const ACTIONS = 120;
const KILLS = 10;
const SECRET = 'AAF-the-secret-part-of-a-token';

describe('a notifier that is killed again and again while Telegram has a bad day', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let transport: Transport;
  let service: SpawnedService;
  let client: Client;
  const users: FakeUser[] = [];
  const logs: string[] = [];

  const start = async (): Promise<void> => {
    service = await spawnService({
      command: process.execPath,
      args: [resolve(__dirname, '../../../dist/main.js')],
      env: {
        DATABASE_URL: database.url,
        BUS_URL: database.url,
        PORT: '0',
        LOG_LEVEL: 'debug',
        ASK_HOURS: 'always',
        TELEGRAM_BOT_TOKEN: telegram.token,
        TELEGRAM_API_ROOT: telegram.url,
      },
      readyLine: /bus: consuming/,
    });
  };
  const publish = async (event: EventContract, data: unknown): Promise<void> => {
    const id = newEventId();
    const attributes = { id, source: 'test', type: event.subject, time: new Date().toISOString(), correlationId: id };
    await transport.publish([{ attributes: { ...attributes, causationId: null }, payload: JSON.stringify(data) }]);
  };
  const ask = (owner: number): Promise<void> => {
    const now = new Date().toISOString();
    const processId = `process-${randomUUID()}`;
    const subject = { processId, version: 1, name: processId, section: null, deputy: null, url: null };
    const review = { reviewId: randomUUID(), openedAt: now, dueAt: now, reason: 'asked', reminder: 0 };
    return publish(ProcessDue, { ...subject, ...review, owner: `ada${owner}` });
  };
  const questions = (): ChatMessage[] =>
    users.flatMap((user) => user.messages.filter(({ text }) => text.includes('Review your process')));
  const replies = (): number =>
    users.flatMap((user) => user.messages.filter(({ text }) => text === 'You own no process.')).length;
  const answers = async (): Promise<{ question: string }[]> =>
    (
      await client.query<{ question: string }>(
        "select payload::json ->> 'processId' as question from notifier.outbox where subject = 'owner.response'",
      )
    ).rows;

  beforeAll(async () => {
    database = await testDatabase();
    telegram = await startFakeTelegram({ token: `700001:${SECRET}` });
    transport = connectTransport(database.url, 'test', { info: () => {}, warn: () => {}, error: () => {} });
    await start();
    client = new Client({ connectionString: database.url });
    await client.connect();
    for (let n = 0; n < PEOPLE; n += 1) {
      const { code, invitation } = invitationOf();
      await publish(PersonChanged, {
        handle: `ada${n}`,
        version: 1,
        name: 'Ada',
        roles: ['owner'],
        active: true,
        invitation,
      });
      const user = telegram.user({ id: 7000 + n, firstName: 'Ada' });
      users.push(user);
      user.start(code);
    }
    await Promise.all(
      users.map((user) => telegram.waitForMessage(user.id, ({ text }) => text.startsWith('You are linked'), 20_000)),
    );
  }, 60_000);

  afterAll(async () => {
    await service.stop();
    await client.end();
    await transport.close();
    await telegram.stop();
    await database.drop();
  });

  it('loses nothing, takes no answer twice, and repeats no more than was cut off', async () => {
    const [asked, commands] = [ACTIONS / 3, ACTIONS / 3];
    let dropped = 0;
    const tapped = new Set<string>();
    const tapSomething = (user: FakeUser): void => {
      const open = user.messages.find(({ text, buttons }) => buttons.includes('No') && !tapped.has(text));
      if (open === undefined) return;
      tapped.add(open.text);
      for (let times = 0; times < 3; times += 1) user.tap(open, 'No');
    };
    /** Somebody writes, their neighbour is asked, the neighbour taps. */
    const act = async (n: number): Promise<void> => {
      const user = users[(n - (n % 3)) % PEOPLE]!;
      const neighbour = (n - (n % 3) + 1) % PEOPLE;
      if (n % 3 === 0) user.send('/mine');
      if (n % 3 === 1) await ask(neighbour);
      if (n % 3 === 2) tapSomething(users[neighbour]!);
    };
    const misbehave = (): void => {
      const chance = Math.random();
      if (chance < 0.05) telegram.fail('sendMessage', { error: { retryAfter: 1 } });
      else if (chance < 0.1) telegram.fail('sendMessage', { error: 'drop-response' });
      else if (chance < 0.12) telegram.fail('sendMessage', { error: 'server-error' });
      dropped += Number(chance >= 0.05 && chance < 0.1);
    };

    const killer = (async (): Promise<void> => {
      for (let kill = 0; kill < KILLS; kill += 1) {
        await sleep(500 + Math.random() * 1500);
        await service.kill9();
        logs.push(...service.logs);
        await start();
      }
    })();
    for (let n = 0; n < ACTIONS; n += 1) {
      await act(n);
      misbehave();
      await sleep(150);
    }
    await killer;

    await eventually(() => expect(new Set(questions().map(({ text }) => text)).size).toBe(asked), 60_000, 100);
    await eventually(() => expect(replies()).toBeGreaterThanOrEqual(commands), 60_000, 100);
    await eventually(async () => expect((await answers()).length).toBe(tapped.size), 60_000, 100);
    // Whatever would still be repeated comes now.
    await sleep(3000);
    const repeated = questions().length - asked + (replies() - commands);
    expect(repeated).toBeLessThanOrEqual(dropped + KILLS);
    const given = (await answers()).map(({ question }) => question);
    expect(new Set(given).size).toBe(given.length);
    expect(telegram.floods).toEqual([]);
    expect(callsInsideSilence(telegram)).toEqual([]);
    logs.push(...service.logs);
    expect(logs.filter((line) => line.includes(SECRET))).toEqual([]);
    expect(tapped.size).toBeGreaterThan(0);
  }, 240_000);
});

/** Messages to a chat within the second that Telegram had asked to be silent in it. */
function callsInsideSilence({ calls }: FakeTelegram): unknown[] {
  const messages = calls.filter(({ method }) => method === 'sendMessage' || method === 'editMessageText');
  return messages
    .filter(({ status }) => status === 429)
    .flatMap((told) =>
      messages.filter(
        ({ parameters, at }) =>
          parameters['chat_id'] === told.parameters['chat_id'] &&
          at > told.at &&
          at.getTime() < told.at.getTime() + 1000,
      ),
    );
}
