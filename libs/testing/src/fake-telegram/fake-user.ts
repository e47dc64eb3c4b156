import { type ChatMemberUpdated, type Message, type Update, type User } from './api-types';
import { type CallbackAnswer, type CallbackQueries } from './callback-queries';
import { type Access, type ChatMessage, type ChatStore, toApiMessage } from './chat-store';
import { type UpdateQueue } from './update-queue';

/** What the people and groups of the fake act on. */
export interface World {
  bot: User;
  chats: ChatStore;
  updates: UpdateQueue;
  queries: CallbackQueries;
  now: () => Date;
}

/** A press of a button. */
export interface Press {
  queryId: string;
  /** Undefined when the bot does not want callback queries. */
  update: Update | undefined;
  /** What the bot tells the person; rejects when it says nothing within the time (5 s by default). */
  answer(timeoutMs?: number): Promise<CallbackAnswer>;
}

/** A person with Telegram, seen from the person's side. */
export class FakeUser {
  constructor(
    private readonly world: World,
    readonly user: User,
  ) {
    world.chats.open(this.chat, 'stranger');
  }

  get id(): number {
    return this.user.id;
  }

  /** What is in the person's chat with the bot at present. */
  get messages(): readonly ChatMessage[] {
    return this.world.chats.messages(this.id);
  }

  /** Presses Start, with what a deep link `t.me/<bot>?start=<payload>` carries. */
  start(payload?: string): Update | undefined {
    return this.send(payload === undefined ? '/start' : `/start ${payload}`);
  }

  /** Writes to the bot in private, which also lets the bot write back. */
  send(text: string): Update | undefined {
    this.unblock();
    this.world.chats.open(this.chat, 'open');
    return say(this.world, this.id, this.user, text);
  }

  /** Presses a button of a message, by its text or its position, as it is on the person's screen now. */
  tap(message: ChatMessage, button: string | number): Press {
    const shown = this.world.chats.find(message.chatId, message.id);
    const buttons = shown?.keyboard.flat() ?? [];
    const found = buttons.find(({ text }, position) => text === button || position === button);
    if (found?.callback_data === undefined) {
      const has = found ? 'is a link and tells the bot nothing' : `is not there, but [${shown?.buttons.join(' | ')}]`;
      throw new Error(`The button ${JSON.stringify(button)} of message ${message.id} ${has}.`);
    }
    return this.press(message, found.callback_data);
  }

  /** Presses what is no longer on the screen, or never was: a message that was not refreshed, a forged client. */
  press(message: ChatMessage, data: string): Press {
    const { chats, queries, updates } = this.world;
    const chat = chats.chat(message.chatId);
    if (chat === undefined || (chat.type === 'private' && chat.id !== this.id)) {
      throw new Error(`${this.user.first_name} cannot see message ${message.id} of chat ${message.chatId}.`);
    }
    const shown = chats.find(message.chatId, message.id);
    const queryId = queries.open();
    const update = updates.push({
      callback_query: {
        id: queryId,
        from: this.user,
        message: shown ? toApiMessage(shown, chat) : { chat, message_id: message.id, date: 0 },
        chat_instance: String(-3_823_423_984_732_000 - chat.id),
        data,
      },
    });
    return { queryId, update, answer: (timeoutMs = 5000) => queries.waitForAnswer(queryId, timeoutMs) };
  }

  block(): Update | undefined {
    return this.becomes('blocked', 'member', 'kicked');
  }

  /** Does nothing when the bot is not blocked. */
  unblock(): Update | undefined {
    if (this.world.chats.access(this.id) !== 'blocked') return undefined;
    return this.becomes('open', 'kicked', 'member');
  }

  /** Deletes the account: Telegram tells the bot nothing. */
  deactivate(): void {
    this.world.chats.open(this.chat, 'deactivated');
  }

  private get chat(): { id: number; type: 'private'; first_name: string; username?: string } {
    const { id, first_name: name, username } = this.user;
    return { id, type: 'private', first_name: name, ...(username === undefined ? {} : { username }) };
  }

  private becomes(access: Access, before: string, after: string): Update | undefined {
    this.world.chats.open(this.chat, access);
    return this.world.updates.push({ my_chat_member: membership(this.world, this.id, this.user, before, after) });
  }
}

/** A person's message, as update and in the chat. */
export function say(
  world: World,
  chatId: number,
  from: User,
  text: string,
  topicId: number | undefined = undefined,
): Update | undefined {
  const { chats, updates } = world;
  const chat = chats.chat(chatId);
  if (chat === undefined) throw new Error(`There is no chat ${chatId}.`);
  // Telegram marks commands, and libraries find them by the mark.
  const command = /^\/[a-z0-9_]+(@\w+)?/i.exec(text)?.[0];
  const entities = command === undefined ? [] : [{ type: 'bot_command', offset: 0, length: command.length }];
  const message = chats.add(chatId, from, { text, entities, keyboard: undefined, topicId });
  return updates.push({ message: toApiMessage(message, chat) });
}

/** How the bot's own membership in a chat changed. */
export function membership(
  { bot, chats, now }: World,
  chatId: number,
  from: User,
  before: string,
  after: string,
): ChatMemberUpdated {
  const status = (name: string): ChatMemberUpdated['new_chat_member'] => ({
    user: bot,
    status: name,
    ...(name === 'kicked' ? { until_date: 0 } : {}),
  });
  const chat = chats.chat(chatId);
  if (chat === undefined) throw new Error(`There is no chat ${chatId}.`);
  const date = Math.floor(now().getTime() / 1000);
  return { chat, from, date, old_chat_member: status(before), new_chat_member: status(after) };
}

/** For the service message with which a group becomes a supergroup. */
export function migrationMessage(world: World, oldId: number, newId: number, from: User): Message {
  const chat = world.chats.chat(oldId);
  if (chat === undefined) throw new Error(`There is no chat ${oldId}.`);
  const message = world.chats.add(oldId, from, { text: '', entities: [], keyboard: undefined });
  return { ...toApiMessage(message, chat), migrate_to_chat_id: newId };
}
