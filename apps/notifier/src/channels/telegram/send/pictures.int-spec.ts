import { alice, eventually, startFakeTelegram, testDatabase } from '@recert/testing';
import { type ChatMessage, type FakeTelegram, type FakeUser, type TestDatabase } from '@recert/testing';
import { type AdminChat } from '../../../chats/admin-chat';
import { Priority } from '../../../messages/delivery';
import { type Message } from '../../../messages/rich-text';
import { type Saying, SpeakInChat } from '../../../messages/speak-in-chat';
import { startNotifier, type NotifierUnderTest } from '../../../notifier-fixture';
import { link } from '../../../telegram-fixture';

const text = (said: string): Message => ({ text: said, entities: [], buttons: [] });
/** So urgent that what a chat hears in a minute of threads does not hold it up. */
const priority = Priority.critical;

describe('pictures of living messages', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let notifier: NotifierUnderTest;
  let user: FakeUser;
  let speaker: SpeakInChat;
  let chat: AdminChat;
  let threads = 0;

  const newThread = (): string => `thread ${(threads += 1)}`;
  const say = (of: Pick<Saying, 'thread' | 'message' | 'photo'>): Promise<void> =>
    notifier.database.transaction((tx) => speaker.say(tx, { chat, priority, dedupeKey: null, ...of }));
  const edit = (thread: string, said: string, everyMs = 0, picture: { photo?: Buffer } = {}): Promise<void> =>
    notifier.database.transaction((tx) =>
      speaker.edit(tx, { thread, chat, priority, message: text(said), everyMs, ...picture }),
    );
  const redraw = (thread: string, said: string, photo: Buffer, everyMs = 0): Promise<void> =>
    edit(thread, said, everyMs, { photo });
  const saying = (said: string): Promise<ChatMessage> =>
    telegram.waitForMessage(user.id, (message) => message.text === said, 8000);
  const settled = (): Promise<void> =>
    eventually(async () =>
      expect(await notifier.query("select 1 from delivery where state in ('waiting', 'sending')")).toEqual([]),
    );
  const keptPictures = () => notifier.query('select 1 from delivery where photo is not null');
  const methodsSince = (from: number): string[] => telegram.calls.slice(from).map(({ method }) => method);

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
    expect(telegram.floods).toEqual([]);
  });

  afterAll(async () => {
    await notifier.stop();
    await telegram.stop();
    await database.drop();
  });

  it('change their picture with the words under it, in one call', async () => {
    const thread = newThread();
    await say({ thread, message: text('with a picture'), photo: Buffer.from('one') });
    const before = await saying('with a picture');
    await settled();
    const calls = telegram.calls.length;
    await redraw(thread, 'redrawn', Buffer.from('two'));
    const after = await telegram.waitForEdit(before);
    expect([before.photo, after.photo, after.text]).toEqual([Buffer.from('one'), Buffer.from('two'), 'redrawn']);
    expect(methodsSince(calls).filter((method) => /^(edit|send)/.test(method))).toEqual(['editMessageMedia']);
    await settled();
    expect(await keptPictures()).toEqual([]);
  });

  it('keep a picture that waits when only the words change once more, and show the last of several', async () => {
    const thread = newThread();
    await say({ thread, message: text('first words'), photo: Buffer.from('one') });
    const before = await saying('first words');
    for (const nth of ['two', 'three']) await redraw(thread, nth, Buffer.from(nth), 1500);
    await edit(thread, 'last words', 1500);
    const after = await telegram.waitForEdit(before);
    expect(after).toMatchObject({ text: 'last words', photo: Buffer.from('three') });
    expect(after.edits).toHaveLength(1);
  });

  it('are sent with the latest picture when it changed before they were', async () => {
    const thread = newThread();
    await notifier.database.transaction(async (tx) => {
      const how = { thread, chat, priority };
      await speaker.say(tx, { ...how, message: text('drawn once'), photo: Buffer.from('one'), dedupeKey: null });
      await speaker.edit(tx, { ...how, message: text('drawn twice'), photo: Buffer.from('two') });
    });
    expect(await saying('drawn twice')).toMatchObject({ photo: Buffer.from('two'), edits: [] });
  });

  it('get no picture where they have none', async () => {
    const thread = newThread();
    await say({ thread, message: text('words alone') });
    const message = await saying('words alone');
    await redraw(thread, 'other words', Buffer.from('one'));
    expect(await telegram.waitForEdit(message)).toMatchObject({ text: 'other words', hasPhoto: false });
    await settled();
    expect(await keptPictures()).toEqual([]);
  });

  it('change their words where the picture is refused', async () => {
    const thread = newThread();
    await say({ thread, message: text('before it broke'), photo: Buffer.from('one') });
    const message = await saying('before it broke');
    await redraw(thread, 'the words at least', Buffer.alloc(0));
    const edited = await telegram.waitForEdit(message, undefined, 8000);
    expect(edited).toMatchObject({ text: 'the words at least', photo: Buffer.from('one') });
  }, 10_000);

  it('are sent again with the picture where they were deleted', async () => {
    const thread = newThread();
    await say({ thread, message: text('a picture to be deleted'), photo: Buffer.from('one') });
    const { id } = await saying('a picture to be deleted');
    await fetch(`${telegram.url}/bot${telegram.token}/deleteMessage?chat_id=${user.id}&message_id=${id}`);
    await redraw(thread, 'a picture again', Buffer.from('two'));
    const again = await saying('a picture again');
    expect(again.photo).toEqual(Buffer.from('two'));
    await redraw(thread, 'and yet another', Buffer.from('three'));
    expect(await telegram.waitForEdit(again)).toMatchObject({ text: 'and yet another', photo: Buffer.from('three') });
  }, 10_000);
});
