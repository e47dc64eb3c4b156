import { alice, eventually, startFakeTelegram, testDatabase } from '@recert/testing';
import { type ChatMessage, type FakeTelegram, type FakeUser, type TestDatabase } from '@recert/testing';
import { type AdminChat } from '../../../chats/admin-chat';
import { Priority } from '../../../messages/delivery';
import { type Message } from '../../../messages/rich-text';
import { type Saying, SpeakInChat } from '../../../messages/speak-in-chat';
import { startNotifier, type NotifierUnderTest } from '../../../notifier-fixture';
import { link } from '../../../telegram-fixture';

const text = (said: string): Message => ({ text: said, entities: [], buttons: [] });

describe('living messages', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let notifier: NotifierUnderTest;
  let user: FakeUser;
  let speaker: SpeakInChat;
  let chat: AdminChat;
  let threads = 0;

  const newThread = (): string => `thread ${(threads += 1)}`;
  const say = (of: Partial<Saying> & Pick<Saying, 'thread' | 'message'>): Promise<void> =>
    notifier.database.transaction((tx) =>
      speaker.say(tx, { chat, priority: Priority.warning, dedupeKey: null, ...of }),
    );
  const edit = (thread: string, said: string, everyMs = 0, where = chat): Promise<void> =>
    notifier.database.transaction((tx) =>
      speaker.edit(tx, { thread, chat: where, priority: Priority.warning, message: text(said), everyMs }),
    );
  const saying = (said: string, where: { id: number } = user): Promise<ChatMessage> =>
    telegram.waitForMessage(where.id, (message) => message.text === said, 8000);
  const settled = (): Promise<void> =>
    eventually(async () =>
      expect(await notifier.query("select 1 from delivery where state in ('waiting', 'sending')")).toEqual([]),
    );

  beforeAll(async () => {
    database = await testDatabase();
    telegram = await startFakeTelegram();
    notifier = await startNotifier(database.url, {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
    });
    user = telegram.user(alice);
    await link(notifier, telegram, 'alice', user);
    speaker = notifier.running.app.get(SpeakInChat, { strict: false });
    chat = { chatId: user.id, topicId: null, handle: 'alice' };
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

  it('are sent with the latest text when it changed before they were', async () => {
    const thread = newThread();
    await notifier.database.transaction(async (tx) => {
      await speaker.say(tx, { thread, chat, priority: Priority.info, message: text('first'), dedupeKey: null });
      await speaker.edit(tx, { thread, chat, priority: Priority.critical, message: text('second') });
    });
    expect((await saying('second')).edits).toEqual([]);
    expect(user.messages.map((message) => message.text)).not.toContain('first');
  });

  it('are edited once they are there, to the latest text and at most as often as wanted', async () => {
    const thread = newThread();
    await say({ thread, message: text('count 1') });
    const message = await saying('count 1');
    for (let n = 2; n <= 30; n += 1) await edit(thread, `count ${n}`, 2000);
    const edited = await telegram.waitForEdit(message, (one) => one.text === 'count 30', 8000);
    expect(edited.edits).toHaveLength(1);
    expect(edited.edits[0]!.at.getTime() - message.at.getTime()).toBeGreaterThanOrEqual(1900);
    // What is urgent takes a waiting edit along and does not wait for it.
    await edit(thread, 'count 31', 60_000);
    await edit(thread, 'over');
    expect((await telegram.waitForEdit(edited)).text).toBe('over');
    await settled();
  });

  it('go by what is most urgent in a chat', async () => {
    await notifier.database.transaction(async (tx) => {
      for (const [name, priority] of Object.entries({ info: 60, kpi: 55, warning: 45, critical: 25 } as const)) {
        await speaker.say(tx, { thread: newThread(), chat, priority, message: text(name), dedupeKey: null });
      }
    });
    await saying('info');
    expect(user.messages.slice(-4).map((message) => message.text)).toEqual(['critical', 'warning', 'kpi', 'info']);
  }, 10_000);

  it('point to the message that takes their place, and leave edits to it', async () => {
    const thread = newThread();
    await say({ thread, message: text('old') });
    const old = await saying('old');
    await say({ thread, message: text('new'), older: text('see below') });
    expect((await telegram.waitForEdit(old)).text).toBe('see below');
    const fresh = await saying('new');
    await edit(thread, 'newest');
    expect((await telegram.waitForEdit(fresh)).text).toBe('newest');
    expect(user.messages.find(({ id }) => id === old.id)!.text).toBe('see below');
  }, 10_000);

  it('show pictures with a caption that can be edited, and keep no bytes', async () => {
    const thread = newThread();
    const bold = { ...text('before'), entities: [{ type: 'bold', offset: 0, length: 3 }] } as const;
    await say({ thread, message: bold, photo: Buffer.from([0x89, 0x50, 13, 10, 0, 255]) });
    const photo = await saying('before');
    expect(photo).toMatchObject({ hasPhoto: true, entities: bold.entities });
    await edit(thread, 'after');
    expect(await telegram.waitForEdit(photo)).toMatchObject({ text: 'after', hasPhoto: true });
    expect(await notifier.query("select 1 from delivery where kind = 'photo' and photo is not null")).toEqual([]);
    expect(await notifier.query("select 1 from delivery where kind = 'photo'")).toHaveLength(1);
  });

  it('are sent again where they were deleted, and go on there', async () => {
    const thread = newThread();
    await say({ thread, message: text('to be deleted') });
    const { id } = await saying('to be deleted');
    await fetch(`${telegram.url}/bot${telegram.token}/deleteMessage?chat_id=${user.id}&message_id=${id}`);
    await edit(thread, 'there again');
    const again = await saying('there again');
    await edit(thread, 'and on');
    expect((await telegram.waitForEdit(again)).text).toBe('and on');
  });

  it('are not said twice with one key', async () => {
    await say({ thread: newThread(), message: text('only once'), dedupeKey: 'a key' });
    await say({ thread: newThread(), message: text('only once, again'), dedupeKey: 'a key' });
    await saying('only once');
    await settled();
    expect(user.messages.filter((message) => message.text.startsWith('only once'))).toHaveLength(1);
  });

  it('go to a topic, and out of it when it is deleted', async () => {
    const group = telegram.group({ title: 'Operations', type: 'supergroup' });
    group.addBot(user);
    const topicId = group.openTopic();
    const forum: AdminChat = { chatId: group.id, topicId, handle: null };
    await say({ thread: newThread(), chat: forum, message: text('in the topic') });
    expect(await saying('in the topic', group)).toMatchObject({ topicId });
    group.deleteTopic(topicId);
    await say({ thread: newThread(), chat: forum, message: text('outside') });
    expect((await saying('outside', group)).topicId).toBeUndefined();
  }, 10_000);

  it('forget the edits of a message that cannot arrive', async () => {
    const thread = newThread();
    const nowhere: AdminChat = { chatId: -5, topicId: null, handle: null };
    await notifier.database.transaction(async (tx) => {
      const priority = Priority.info;
      await speaker.say(tx, { thread, chat: nowhere, priority, message: text('to nobody'), dedupeKey: null });
    });
    await edit(thread, 'changed', 0, nowhere);
    await settled();
    await edit(thread, 'changed again', 0, nowhere);
    await settled();
    expect(await notifier.query("select 1 from delivery where chat_id = -5 and state = 'failed'")).toHaveLength(1);
  });
});
