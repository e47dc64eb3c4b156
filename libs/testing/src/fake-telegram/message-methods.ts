import { type ApiError, badRequest, notModified } from './api-error';
import { type InlineKeyboard, type Message, type User } from './api-types';
import { type ChatMessage, type ChatStore, type MessageContent, type Picture, toApiMessage } from './chat-store';
import { type FloodControl } from './flood-limits';
import { type FormattedText, readFormattedText } from './formatted-text';
import { Parameters } from './parameters';
import { isObject, readReplyMarkup } from './reply-markup';

const longestText = 4096;
const longestCaption = 1024;

/** The methods that show something in a chat, checked as Telegram checks them. */
export class MessageMethods {
  constructor(
    private readonly chats: ChatStore,
    private readonly floods: FloodControl,
    private readonly bot: User,
    private readonly now: () => Date,
  ) {}

  sendMessage(parameters: Parameters): Message {
    const formatted = readText(parameters, 'message is too long');
    const keyboard = readReplyMarkup(parameters.structure('reply_markup', 'reply markup'), false);
    const chat = this.chats.writable(this.chatId(parameters));
    this.checkReply(parameters, chat.id);
    const topicId = this.topic(parameters, chat.id);
    this.floods.admit('sendMessage', chat.id, this.now());
    return toApiMessage(this.chats.add(chat.id, this.bot, { ...formatted, keyboard, topicId }), chat);
  }

  sendPhoto(parameters: Parameters): Message {
    const given = parameters.text('photo');
    const photo = given === undefined ? uploaded(parameters, 'photo') : pictureOf(parameters, given);
    if (photo === undefined) throw badRequest('there is no photo in the request');
    const formatted = readFormattedText(parameters, 'caption');
    if (formatted.text.length > longestCaption) throw badRequest('message caption is too long');
    const keyboard = readReplyMarkup(parameters.structure('reply_markup', 'reply markup'), false);
    const chat = this.chats.writable(this.chatId(parameters));
    const topicId = this.topic(parameters, chat.id);
    this.floods.admit('sendPhoto', chat.id, this.now());
    return toApiMessage(this.chats.add(chat.id, this.bot, { ...formatted, keyboard, photo, topicId }), chat);
  }

  editMessageText(parameters: Parameters): Message {
    const formatted = readText(parameters, 'MESSAGE_TOO_LONG');
    const message = this.editable(parameters);
    if (message.hasPhoto) throw badRequest('there is no text in the message to edit');
    return this.edit('editMessageText', message, { ...formatted, keyboard: this.keyboard(parameters) });
  }

  editMessageCaption(parameters: Parameters): Message {
    const formatted = readFormattedText(parameters, 'caption');
    if (formatted.text.length > longestCaption) throw badRequest('MEDIA_CAPTION_TOO_LONG');
    const message = this.editable(parameters);
    if (!message.hasPhoto) throw badRequest('there is no caption in the message to edit');
    return this.edit('editMessageCaption', message, {
      ...formatted,
      keyboard: this.keyboard(parameters),
      photo: message.photo,
    });
  }

  editMessageMedia(parameters: Parameters): Message {
    const { photo, ...formatted } = readMedia(parameters);
    const message = this.editable(parameters);
    if (!message.hasPhoto) throw badRequest('there is no media in the message to edit');
    return this.edit('editMessageMedia', message, { ...formatted, keyboard: this.keyboard(parameters), photo });
  }

  editMessageReplyMarkup(parameters: Parameters): Message {
    const message = this.editable(parameters);
    const { text, entities, photo } = message;
    const content = { text, entities, photo, keyboard: this.keyboard(parameters) };
    return this.edit('editMessageReplyMarkup', message, content);
  }

  deleteMessage(parameters: Parameters): true {
    const chat = this.chats.writable(this.chatId(parameters));
    const message = this.chats.find(chat.id, messageId(parameters));
    if (message === undefined) throw badRequest('message to delete not found');
    this.chats.remove(message);
    return true;
  }

  private edit(method: string, message: ChatMessage, content: MessageContent): Message {
    const chat = this.chats.writable(message.chatId);
    if (isSame(message, content)) throw notModified();
    this.floods.admit(method, message.chatId, this.now());
    return toApiMessage(this.chats.edit(message, content), chat);
  }

  private keyboard(parameters: Parameters): InlineKeyboard | undefined {
    return readReplyMarkup(parameters.structure('reply_markup', 'reply markup'), true);
  }

  private topic(parameters: Parameters, chatId: number): number | undefined {
    const id = parameters.integer('message_thread_id');
    if (id === undefined || id === 0) return undefined;
    if (!this.chats.hasTopic(chatId, id)) throw badRequest('message thread not found');
    return id;
  }

  private chatId(parameters: Parameters): number {
    const given = parameters.text('chat_id');
    if (given === undefined || given === '') throw badRequest('chat_id is empty');
    if (!/^-?\d+$/.test(given)) throw badRequest('chat not found');
    return Number(given);
  }

  private editable(parameters: Parameters): ChatMessage {
    const chat = this.chats.writable(this.chatId(parameters));
    const message = this.chats.find(chat.id, messageId(parameters));
    if (message === undefined) throw badRequest('message to edit not found');
    if (message.from.id !== this.bot.id) throw badRequest("message can't be edited");
    return message;
  }

  private checkReply(parameters: Parameters, chatId: number): void {
    const given = parameters.structure('reply_parameters', 'reply parameters') as
      { message_id?: number; allow_sending_without_reply?: boolean } | undefined;
    const id = given?.message_id ?? parameters.integer('reply_to_message_id');
    if (id === undefined || given?.allow_sending_without_reply) return;
    if (this.chats.find(chatId, id) === undefined) throw badRequest('message to be replied not found');
  }
}

function messageId(parameters: Parameters): number {
  const id = parameters.integer('message_id');
  if (id === undefined || id <= 0) throw badRequest('message identifier is not specified');
  return id;
}

function readText(parameters: Parameters, tooLong: string): FormattedText {
  if ((parameters.text('text') ?? '') === '') throw badRequest('message text is empty');
  const formatted = readFormattedText(parameters, 'text');
  if (formatted.text === '') throw badRequest('text must be non-empty');
  // Counted when the markup is gone, in UTF-16 units like everything here.
  if (formatted.text.length > longestText) throw badRequest(tooLong);
  return formatted;
}

/** An upload, or the id or address of a picture; undefined where `given` names none. */
function pictureOf(parameters: Parameters, given = ''): Picture | undefined {
  const attached = /^attach:\/\/(.+)$/.exec(given)?.[1];
  if (attached !== undefined) return uploaded(parameters, attached);
  return /^[^:]+$|^https?:/.test(given) ? given : undefined;
}

function uploaded(parameters: Parameters, name: string): Buffer | undefined {
  const file = parameters.files.get(name);
  if (file?.length === 0) throw badRequest('file must be non-empty');
  return file;
}

/** The picture and the caption of an `InputMedia`: the caption is inside of it, and not beside. */
function readMedia(parameters: Parameters): FormattedText & { photo: Picture } {
  const media = parameters.structure('media', 'input media');
  if (media === undefined) throw badRequest('parameter "media" is required');
  if (!isObject(media)) throw unparsable('expected an Object');
  const inside = new Parameters(media, parameters.files);
  const formatted = readFormattedText(inside, 'caption');
  const type = inside.text('type');
  if (type === undefined) throw unparsable('Can\'t find field "type"');
  if (type !== 'photo') throw new Error(`it knows photos only, and no ${type}`);
  const photo = pictureOf(inside, inside.text('media'));
  if (photo === undefined) throw unparsable('media not found');
  if (formatted.text.length > longestCaption) throw badRequest('MEDIA_CAPTION_TOO_LONG');
  return { ...formatted, photo };
}

const unparsable = (why: string): ApiError => badRequest(`can't parse InputMedia: ${why}`);

function isSame(message: ChatMessage, { text, entities, keyboard, photo }: MessageContent): boolean {
  const old = [message.text, message.entities, message.keyboard];
  const isSameText = JSON.stringify(old) === JSON.stringify([text, entities, keyboard?.inline_keyboard ?? []]);
  return isSameText && isSamePicture(message.photo, photo);
}

function isSamePicture(one: Picture | undefined, other: Picture | undefined): boolean {
  return Buffer.isBuffer(one) && Buffer.isBuffer(other) ? one.equals(other) : one === other;
}
