import { type ApiError, badRequest, forbidden, migrated } from './api-error';
import {
  type Chat,
  type InlineButton,
  type InlineKeyboard,
  type Message,
  type MessageEntity,
  type User,
} from './api-types';

/** What was uploaded, or the id or address of a picture. */
export type Picture = Buffer | string;

/** A message as it is at one moment; an edit makes a new one in its place. */
export interface ChatMessage {
  readonly chatId: number;
  readonly id: number;
  readonly from: User;
  readonly at: Date;
  readonly text: string;
  readonly entities: readonly MessageEntity[];
  /** The inline buttons, row by row. */
  readonly keyboard: readonly (readonly InlineButton[])[];
  /** The texts of the buttons, in order, without their rows. */
  readonly buttons: readonly string[];
  readonly hasPhoto: boolean;
  /** The bytes of its picture, or what else named it; undefined without one. */
  readonly photo: Picture | undefined;
  /** The topic of a forum that it is in. */
  readonly topicId: number | undefined;
  /** What it was before, oldest first. */
  readonly edits: readonly { readonly at: Date; readonly text: string; readonly buttons: readonly string[] }[];
}

/** Why the bot cannot write to a chat; `stranger` is somebody who never pressed start. */
export type Access = 'open' | 'stranger' | 'blocked' | 'deactivated' | 'kicked' | { migratedTo: number };

interface ChatRecord {
  chat: Chat;
  access: Access;
  messages: ChatMessage[];
  topics: Set<number>;
}

export interface MessageContent {
  text: string;
  entities: readonly MessageEntity[];
  keyboard: InlineKeyboard | undefined;
  photo?: Picture | undefined;
  topicId?: number | undefined;
}

/** The chats that exist and what is in them. */
export class ChatStore {
  private readonly chats = new Map<number, ChatRecord>();
  private readonly listeners = new Set<() => void>();
  private lastPrivateId = 900;
  private readonly lastGroupId = new Map<number, number>();

  constructor(private readonly now: () => Date) {}

  open(chat: Chat, access: Access): void {
    const known = this.chats.get(chat.id);
    if (known) known.access = access;
    else this.chats.set(chat.id, { chat, access, messages: [], topics: new Set() });
  }

  chat(id: number): Chat | undefined {
    return this.chats.get(id)?.chat;
  }

  access(id: number): Access {
    return this.chats.get(id)?.access ?? 'stranger';
  }

  messages(chatId: number): readonly ChatMessage[] {
    return this.chats.get(chatId)?.messages ?? [];
  }

  find(chatId: number, messageId: number): ChatMessage | undefined {
    return this.messages(chatId).find(({ id }) => id === messageId);
  }

  /** The chat, when the bot may write to it. Throws Telegram's reason when it may not. */
  writable(chatId: number): Chat {
    const record = this.chats.get(chatId);
    if (record === undefined || record.access === 'stranger') throw badRequest('chat not found');
    const refusal = refusalOf(record.access, record.chat);
    if (refusal !== undefined) throw refusal;
    return record.chat;
  }

  /** A new topic of a forum. @returns its id, which is that of the message that opened it */
  openTopic(chatId: number): number {
    const record = this.record(chatId);
    record.chat = { ...record.chat, is_forum: true };
    const id = this.newId(record.chat);
    record.topics.add(id);
    return id;
  }

  deleteTopic(chatId: number, topicId: number): void {
    this.record(chatId).topics.delete(topicId);
  }

  hasTopic(chatId: number, topicId: number): boolean {
    return this.record(chatId).topics.has(topicId);
  }

  add(chatId: number, from: User, content: MessageContent): ChatMessage {
    const record = this.record(chatId);
    const message = { chatId, id: this.newId(record.chat), from, at: this.now(), edits: [], ...shown(content) };
    record.messages.push(message);
    this.changed();
    return message;
  }

  edit(message: ChatMessage, content: MessageContent): ChatMessage {
    const { text, buttons, edits } = message;
    const edited = {
      ...message,
      ...shown({ ...content, topicId: message.topicId }),
      edits: [...edits, { at: this.now(), text, buttons }],
    };
    const { messages } = this.record(message.chatId);
    messages[messages.findIndex(({ id }) => id === message.id)] = edited;
    this.changed();
    return edited;
  }

  remove(message: ChatMessage): void {
    const record = this.record(message.chatId);
    record.messages = record.messages.filter(({ id }) => id !== message.id);
    this.changed();
  }

  /** Resolves with the first message of the chat that fits, now or later; rejects after the time, and shows the chat. */
  async waitFor(chatId: number, fits: (message: ChatMessage) => boolean, timeoutMs: number): Promise<ChatMessage> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.messages(chatId).find(fits);
        if (found === undefined) return;
        finish();
        resolve(found);
      };
      const timer = setTimeout(() => {
        finish();
        const seen = this.messages(chatId).map(({ id, text, buttons }) => `  ${id}: ${text} [${buttons.join(' | ')}]`);
        reject(new Error(`No such message in chat ${chatId} within ${timeoutMs} ms. It has:\n${seen.join('\n')}`));
      }, timeoutMs);
      const finish = (): void => {
        clearTimeout(timer);
        this.listeners.delete(look);
      };
      this.listeners.add(look);
      look();
    });
  }

  private record(chatId: number): ChatRecord {
    const record = this.chats.get(chatId);
    if (record === undefined) throw new Error(`There is no chat ${chatId}.`);
    return record;
  }

  /** Private chats share one count, every supergroup has its own: numbers of different chats do meet. */
  private newId({ id, type }: Chat): number {
    if (type !== 'supergroup') return ++this.lastPrivateId;
    const next = (this.lastGroupId.get(id) ?? 900) + 1;
    this.lastGroupId.set(id, next);
    return next;
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

function refusalOf(access: Access, chat: Chat): ApiError | undefined {
  switch (access) {
    case 'blocked':
      return forbidden('bot was blocked by the user');
    case 'deactivated':
      return forbidden('user is deactivated');
    case 'kicked':
      return forbidden(`bot was kicked from the ${chat.type} chat`);
    case 'open':
    case 'stranger':
      return undefined;
    default:
      return migrated(access.migratedTo);
  }
}

function shown({ text, entities, keyboard, photo, topicId }: MessageContent): {
  text: string;
  entities: readonly MessageEntity[];
  keyboard: InlineButton[][];
  buttons: string[];
  hasPhoto: boolean;
  photo: Picture | undefined;
  topicId: number | undefined;
} {
  const rows = keyboard?.inline_keyboard ?? [];
  const buttons = rows.flat().map((button) => button.text);
  return { text, entities, keyboard: rows, buttons, hasPhoto: photo !== undefined, photo, topicId };
}

/** The message as the Bot API sends it. */
export function toApiMessage(message: ChatMessage, chat: Chat): Message {
  const { id, from, at, text, entities, keyboard, hasPhoto, topicId, edits } = message;
  const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);
  const [textName, entitiesName] = hasPhoto ? ['caption', 'caption_entities'] : ['text', 'entities'];
  const photo = [{ file_id: `photo-${id}`, file_unique_id: `photo-${id}`, width: 90, height: 90 }];
  return {
    message_id: id,
    from,
    chat,
    date: seconds(at),
    ...(edits.length > 0 ? { edit_date: seconds(edits.at(-1)?.at ?? at) } : {}),
    ...(hasPhoto ? { photo } : {}),
    ...(topicId === undefined ? {} : { message_thread_id: topicId, is_topic_message: true as const }),
    ...(text === '' ? {} : { [textName]: text }),
    ...(entities.length > 0 ? { [entitiesName]: entities } : {}),
    ...(keyboard.length > 0 ? { reply_markup: { inline_keyboard: keyboard as InlineButton[][] } } : {}),
  };
}
