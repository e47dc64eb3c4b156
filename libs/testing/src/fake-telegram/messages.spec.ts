import { alice, mallory } from '../people';
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
  owner.start();
});

afterEach(() => telegram.stop());

const chat_id = alice.id;
const keyboard = (...texts: string[]) => ({
  inline_keyboard: [texts.map((text) => ({ text, callback_data: text.toLowerCase() }))],
});

describe('sendMessage', () => {
  it('puts the message into the chat and returns it as the Bot API does', async () => {
    const reply_markup = keyboard('Yes', 'No');
    const { result } = await call('sendMessage', { chat_id, text: 'Review it?', reply_markup });
    expect(result).toEqual({
      message_id: 902,
      from: telegram.bot,
      chat: { id: chat_id, type: 'private', first_name: 'Alice', username: 'alice_tg' },
      date: expect.any(Number) as number,
      text: 'Review it?',
      reply_markup,
    });
    expect(telegram.chat(chat_id).messages.at(-1)).toMatchObject({ text: 'Review it?', buttons: ['Yes', 'No'] });
  });

  it('knows the method in any case and the parameters from a form and the address', async () => {
    const body = new URLSearchParams({ text: 'from a form', reply_markup: JSON.stringify(keyboard('Yes')) });
    const url = `${telegram.url}/bot${telegram.token}/sendmessage?chat_id=${chat_id}`;
    expect((await fetch(url, { method: 'POST', body })).status).toBe(200);
    expect(owner.messages.at(-1)).toMatchObject({ text: 'from a form', buttons: ['Yes'] });
  });

  it.each([
    [{ chat_id }, 400, 'Bad Request: message text is empty'],
    [{ chat_id, text: '  ' }, 400, 'Bad Request: text must be non-empty'],
    [{ text: 'x' }, 400, 'Bad Request: chat_id is empty'],
    [{ chat_id: 'alice', text: 'x' }, 400, 'Bad Request: chat not found'],
    [{ chat_id: 5, text: 'x' }, 400, 'Bad Request: chat not found'],
    [{ chat_id, text: 'x', reply_to_message_id: 5 }, 400, 'Bad Request: message to be replied not found'],
  ])('refuses %j', async (parameters, status, description) => {
    expect(await call('sendMessage', parameters)).toEqual({ ok: false, error_code: status, status, description });
  });

  it('takes 4096 UTF-16 units after the markup is gone, and not 4097', async () => {
    const of = (units: number) => ({ chat_id, text: `<b>${'😀'.repeat(units / 2)}${'x'.repeat(units % 2)}</b>` });
    expect((await call('sendMessage', { ...of(4096), parse_mode: 'HTML' })).status).toBe(200);
    expect((await call('sendMessage', { ...of(4097), parse_mode: 'HTML' })).description).toBe(
      'Bad Request: message is too long',
    );
  });

  it('reaches nobody who did not press start, nobody who blocked the bot, and no account that is gone', async () => {
    const stranger = telegram.user(mallory);
    const send = async () => (await call('sendMessage', { chat_id: mallory.id, text: 'x' })).description;
    expect(await send()).toBe('Bad Request: chat not found');
    stranger.start();
    expect(await send()).toBeUndefined();
    stranger.block();
    expect(await send()).toBe('Forbidden: bot was blocked by the user');
    stranger.unblock();
    expect(await send()).toBeUndefined();
    stranger.deactivate();
    expect(await send()).toBe('Forbidden: user is deactivated');
  });
});

describe('groups', () => {
  it('can be written to while the bot is in them', async () => {
    const group = telegram.group({ title: 'Admins' });
    const send = async () => (await call('sendMessage', { chat_id: group.id, text: 'x' })).description;
    expect(await send()).toBe('Bad Request: chat not found');
    group.addBot(owner);
    expect(await send()).toBeUndefined();
    group.removeBot(owner);
    expect(await send()).toBe('Forbidden: bot was kicked from the group chat');
  });

  it('say where they went when they became a supergroup', async () => {
    const group = telegram.group({ title: 'Admins' });
    group.addBot(owner);
    const oldId = group.id;
    const update = group.migrate(owner);
    expect(update?.message).toMatchObject({ chat: { id: oldId }, migrate_to_chat_id: group.id });
    const answer = await call('sendMessage', { chat_id: oldId, text: 'x' });
    expect(answer.description).toBe('Bad Request: group chat was upgraded to a supergroup chat');
    expect(answer.parameters).toEqual({ migrate_to_chat_id: group.id });
    expect((await call('sendMessage', { chat_id: group.id, text: 'x' })).status).toBe(200);
  });
});

describe('topics of a forum', () => {
  it('are spoken in by their id, as people do, and refused once they are deleted', async () => {
    const group = telegram.group({ title: 'Admins', type: 'supergroup' });
    group.addBot(owner);
    const topic = group.openTopic();
    const speak = (message_thread_id: number) =>
      call('sendMessage', { chat_id: group.id, text: 'x', message_thread_id });
    expect((await speak(topic)).result).toMatchObject({ message_thread_id: topic, is_topic_message: true });
    expect(group.messages.at(-1)).toMatchObject({ text: 'x', topicId: topic });
    expect(group.send(owner, '/admins here', topic)?.message).toMatchObject({ message_thread_id: topic });
    expect(group.send(owner, 'hello')?.message?.is_topic_message).toBeUndefined();
    expect((await speak(topic + 50)).description).toBe('Bad Request: message thread not found');
    group.deleteTopic(topic);
    expect((await speak(topic)).description).toBe('Bad Request: message thread not found');
  });
});

describe('editing', () => {
  const send = async (parameters: object = {}) => {
    await call('sendMessage', { chat_id, text: 'Review it?', reply_markup: keyboard('Yes', 'No'), ...parameters });
    return telegram.waitForMessage(chat_id, ({ edits }) => edits.length === 0);
  };

  it('replaces text and buttons, and what was there before is remembered', async () => {
    const message = await send();
    const edited = telegram.waitForEdit(message);
    await call('editMessageText', { chat_id, message_id: message.id, text: 'Certified.' });
    expect(await edited).toMatchObject({
      text: 'Certified.',
      buttons: [],
      edits: [{ text: 'Review it?', buttons: ['Yes', 'No'] }],
    });
  });

  it('of the buttons alone leaves the text', async () => {
    const message = await send();
    await call('editMessageReplyMarkup', { chat_id, message_id: message.id, reply_markup: keyboard('Later') });
    expect(owner.messages.at(-1)).toMatchObject({ text: 'Review it?', buttons: ['Later'] });
  });

  it('into what is there already is refused', async () => {
    const message = await send();
    const same = { chat_id, message_id: message.id, text: 'Review it?' };
    const description = (await call('editMessageText', { ...same, reply_markup: keyboard('Yes', 'No') })).description;
    expect(description).toBe(
      'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as ' +
        'a current content and reply markup of the message',
    );
    expect((await call('editMessageText', same)).status).toBe(200);
    const again = await call('editMessageReplyMarkup', { chat_id, message_id: message.id });
    expect(again.description).toMatch('message is not modified');
  });

  it('of what is not there, not named, not ours, or too long is refused', async () => {
    const message = await send();
    const edit = async (parameters: object) =>
      (await call('editMessageText', { chat_id, text: 'x', ...parameters })).description;
    expect(await edit({})).toBe('Bad Request: message identifier is not specified');
    expect(await edit({ message_id: 7 })).toBe('Bad Request: message to edit not found');
    expect(await edit({ message_id: owner.messages[0]?.id })).toBe("Bad Request: message can't be edited");
    expect(await edit({ message_id: message.id, text: 'x'.repeat(4097) })).toBe('Bad Request: MESSAGE_TOO_LONG');
    await call('deleteMessage', { chat_id, message_id: message.id });
    expect(await edit({ message_id: message.id })).toBe('Bad Request: message to edit not found');
    const gone = await call('deleteMessage', { chat_id, message_id: message.id });
    expect(gone.description).toBe('Bad Request: message to delete not found');
  });
});

describe('sendPhoto', () => {
  const post = async (form: FormData) =>
    (await (await fetch(`${telegram.url}/bot${telegram.token}/sendPhoto`, { method: 'POST', body: form })).json()) as {
      ok: boolean;
      description: string;
    };

  it('takes a picture from a multipart form, whatever its bytes', async () => {
    const form = new FormData();
    form.set('chat_id', String(chat_id));
    form.set('caption', 'Sign-ups, 😀');
    form.set('photo', new Blob([Buffer.from([0, 13, 10, 13, 10, 45, 45, 255])]), 'chart.png');
    expect((await post(form)).ok).toBe(true);
    expect(owner.messages.at(-1)).toMatchObject({ text: 'Sign-ups, 😀', hasPhoto: true });
  });

  it('refuses a form without a picture and a caption of more than 1024 units', async () => {
    const form = new FormData();
    form.set('chat_id', String(chat_id));
    expect((await post(form)).description).toBe('Bad Request: there is no photo in the request');
    form.set('photo', new Blob(['x']), 'chart.png');
    form.set('caption', 'x'.repeat(1025));
    expect((await post(form)).description).toBe('Bad Request: message caption is too long');
    form.set('caption', 'x'.repeat(1024));
    expect((await post(form)).ok).toBe(true);
  });
});

describe('editMessageCaption', () => {
  it('edits what stands under a picture, and nothing else', async () => {
    const photo = await call('sendPhoto', { chat_id, photo: 'a-file-id', caption: 'before' });
    const { message_id } = photo.result as { message_id: number };
    const edit = (of: object) => call('editMessageCaption', { chat_id, message_id, ...of });
    expect((await edit({ caption: 'x'.repeat(1025) })).description).toBe('Bad Request: MEDIA_CAPTION_TOO_LONG');
    expect((await edit({ caption: 'after' })).ok).toBe(true);
    expect(owner.messages.at(-1)).toMatchObject({ text: 'after', hasPhoto: true });
    expect((await edit({ caption: 'after' })).description).toMatch('message is not modified');
    const refused = await call('editMessageText', { chat_id, message_id, text: 'x' });
    expect(refused.description).toBe('Bad Request: there is no text in the message to edit');
    const text = (await call('sendMessage', { chat_id, text: 'x' })).result as { message_id: number };
    expect((await edit({ message_id: text.message_id, caption: 'x' })).description).toBe(
      'Bad Request: there is no caption in the message to edit',
    );
  });
});

describe('editMessageMedia', () => {
  const picture = Buffer.from([0, 13, 10, 13, 10, 45, 45, 255]);
  const notModified = /^Bad Request: message is not modified: specified new message content/;

  const formOf = (parameters: Record<string, unknown>, files: Record<string, Buffer>): FormData => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ chat_id, ...parameters }))
      form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    for (const [name, bytes] of Object.entries(files)) form.set(name, new Blob([new Uint8Array(bytes)]), 'chart.png');
    return form;
  };
  const post = async (method: string, parameters: Record<string, unknown>, files: Record<string, Buffer> = {}) => {
    const url = `${telegram.url}/bot${telegram.token}/${method}`;
    const response = await fetch(url, { method: 'POST', body: formOf(parameters, files) });
    return (await response.json()) as { ok: boolean; result?: { message_id: number }; description?: string };
  };
  const photo = async (): Promise<number> =>
    (await post('sendPhoto', { caption: 'before', photo: 'attach://chart' }, { chart: picture })).result!.message_id;
  const media = (of: object = {}) => ({ type: 'photo', media: 'attach://chart', caption: 'after', ...of });

  it('takes another picture and what stands under it from a multipart form', async () => {
    const message_id = await photo();
    const before = owner.messages.at(-1)!;
    expect(before.photo).toEqual(picture);
    const caption_entities = [{ type: 'bold', offset: 0, length: 5 }];
    const other = Buffer.concat([picture, picture]);
    const parameters = { message_id, media: media({ caption_entities }), reply_markup: keyboard('Yes') };
    expect(await post('editMessageMedia', parameters, { chart: other })).toMatchObject({ ok: true });
    expect(owner.messages.at(-1)).toMatchObject({ text: 'after', hasPhoto: true, buttons: ['Yes'] });
    expect(owner.messages.at(-1)).toMatchObject({ photo: other, entities: caption_entities, id: before.id });
  });

  it('refuses the same picture over the same words, and takes either of them alone', async () => {
    const message_id = await photo();
    const edit = (caption: string, chart: Buffer) =>
      post('editMessageMedia', { message_id, media: media({ caption }) }, { chart });
    expect((await edit('before', picture)).description).toMatch(notModified);
    expect((await edit('after', picture)).ok).toBe(true);
    expect((await edit('after', Buffer.from('another'))).ok).toBe(true);
    expect((await edit('after', Buffer.from('another'))).description).toMatch(notModified);
    await post('editMessageCaption', { message_id, caption: 'a caption' });
    expect(owner.messages.at(-1)).toMatchObject({ text: 'a caption', photo: Buffer.from('another') });
  });

  it('refuses what is no picture, what is too long, and what has none or is not there', async () => {
    const message_id = await photo();
    const edit = async (of: Record<string, unknown>, files: Record<string, Buffer> = { chart: Buffer.from('x') }) =>
      (await post('editMessageMedia', { message_id, media: media(), ...of }, files)).description;
    expect(await edit({}, {})).toBe("Bad Request: can't parse InputMedia: media not found");
    expect(await edit({ media: media({ media: 'attach://other' }) })).toMatch('media not found');
    expect(await edit({}, { chart: Buffer.alloc(0) })).toBe('Bad Request: file must be non-empty');
    expect(await edit({ media: { media: 'attach://chart' } })).toMatch(
      'can\'t parse InputMedia: Can\'t find field "type"',
    );
    expect(await edit({ media: '{' })).toBe("Bad Request: can't parse input media JSON object");
    const long = (units: number) => edit({ media: media({ caption: 'x'.repeat(units) }) });
    expect(await long(1025)).toBe('Bad Request: MEDIA_CAPTION_TOO_LONG');
    expect(await long(1024)).toBeUndefined();
    expect(await edit({ message_id: 7 })).toBe('Bad Request: message to edit not found');
    expect(await edit({ message_id: owner.messages[0]?.id })).toBe("Bad Request: message can't be edited");
    const text = (await call('sendMessage', { chat_id, text: 'x' })).result as { message_id: number };
    expect(await edit(text)).toBe('Bad Request: there is no media in the message to edit');
    await call('deleteMessage', { chat_id, message_id });
    expect(await edit({})).toBe('Bad Request: message to edit not found');
  });

  it('counts as a message for the limits', async () => {
    const message_id = await photo();
    telegram.limit({});
    await call('sendMessage', { chat_id, text: 'x' });
    const answer = await post('editMessageMedia', { message_id, media: media() }, { chart: Buffer.from('x') });
    expect(answer.description).toBe('Too Many Requests: retry after 1');
    expect(telegram.floods).toMatchObject([{ method: 'editMessageMedia', chatId: chat_id, limit: 'chat' }]);
  });
});

describe('flood', () => {
  it('is answered with the time to wait, for edits as for messages, and remembered', async () => {
    telegram.limit({});
    await call('sendMessage', { chat_id, text: 'one', reply_markup: keyboard('Yes') });
    const { id } = await telegram.waitForMessage(chat_id);
    const answer = await call('editMessageText', { chat_id, message_id: id, text: 'two' });
    expect(answer).toMatchObject({ status: 429, description: 'Too Many Requests: retry after 1' });
    expect(answer.parameters).toEqual({ retry_after: 1 });
    expect(telegram.floods).toMatchObject([{ method: 'editMessageText', chatId: chat_id, limit: 'chat' }]);
    expect(owner.messages.at(-1)?.text).toBe('one');
    telegram.advance(1000);
    expect((await call('editMessageText', { chat_id, message_id: id, text: 'two' })).status).toBe(200);
  });
});
