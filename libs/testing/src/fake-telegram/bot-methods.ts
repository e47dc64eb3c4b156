import { badRequest, notFound } from './api-error';
import { type Chat, type Update, type User } from './api-types';
import { type CallbackQueries } from './callback-queries';
import { type ChatStore } from './chat-store';
import { type MessageMethods } from './message-methods';
import { type Parameters } from './parameters';
import { isObject } from './reply-markup';
import { type UpdateQueue } from './update-queue';
import { type WebhookSender } from './webhook-sender';

const longestPollSeconds = 50;

export interface BotParts {
  bot: User;
  chats: ChatStore;
  updates: UpdateQueue;
  webhook: WebhookSender;
  queries: CallbackQueries;
  messages: MessageMethods;
}

/** The whole Bot API that the fake knows, by the lower-cased names of its methods: Telegram's are not case-sensitive. */
export function botMethods(parts: BotParts): (method: string, parameters: Parameters) => unknown {
  const { bot, chats, updates, webhook, queries, messages } = parts;
  let commands: unknown = [];
  const methods: Record<string, (parameters: Parameters) => unknown> = {
    getme: () => ({
      ...bot,
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
    }),
    getupdates: (parameters) => getUpdates(updates, parameters),
    setwebhook: (parameters) => webhook.set(parameters),
    deletewebhook: (parameters) => webhook.remove(parameters.flag('drop_pending_updates')),
    getwebhookinfo: () => webhook.info(),
    sendmessage: (parameters) => messages.sendMessage(parameters),
    sendphoto: (parameters) => messages.sendPhoto(parameters),
    editmessagetext: (parameters) => messages.editMessageText(parameters),
    editmessagecaption: (parameters) => messages.editMessageCaption(parameters),
    editmessagemedia: (parameters) => messages.editMessageMedia(parameters),
    editmessagereplymarkup: (parameters) => messages.editMessageReplyMarkup(parameters),
    deletemessage: (parameters) => messages.deleteMessage(parameters),
    getchat: (parameters) => getChat(chats, parameters),
    setmycommands: (parameters) => {
      commands = readCommands(parameters);
      return true;
    },
    getmycommands: () => commands,
    answercallbackquery: (parameters) => {
      const { text = '' } = { text: parameters.text('text') };
      queries.answer(parameters.text('callback_query_id') ?? '', text, parameters.flag('show_alert'));
      return true;
    },
  };
  return (method, parameters) => {
    const run = methods[method.toLowerCase()];
    if (run === undefined) throw notFound('method not found');
    return run(parameters);
  };
}

async function getUpdates(updates: UpdateQueue, parameters: Parameters): Promise<Update[]> {
  const allowed = parameters.structure('allowed_updates', 'allowed updates');
  if (Array.isArray(allowed)) updates.allowedUpdates = allowed.map(String);
  const limit = parameters.integer('limit') ?? 100;
  const seconds = Math.min(Math.max(parameters.integer('timeout') ?? 0, 0), longestPollSeconds);
  return updates.poll(parameters.integer('offset'), Math.min(Math.max(limit, 1), 100), seconds * 1000);
}

function getChat(chats: ChatStore, parameters: Parameters): Chat {
  const id = parameters.integer('chat_id');
  if (id === undefined) throw badRequest('chat_id is empty');
  const chat = chats.chat(id);
  if (chat === undefined || chats.access(id) === 'stranger') throw badRequest('chat not found');
  return chat;
}

function readCommands(parameters: Parameters): unknown[] {
  const commands = parameters.structure('commands', 'bot commands');
  if (!Array.isArray(commands)) throw badRequest("can't parse commands: expected an Array of BotCommand");
  for (const command of commands as unknown[]) {
    const { command: name, description } = isObject(command) ? command : {};
    if (typeof name !== 'string' || !/^\/?[a-z0-9_]{1,32}$/.test(name)) throw badRequest('BOT_COMMAND_INVALID');
    if (typeof description !== 'string' || description.length === 0 || description.length > 256) {
      throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
    }
  }
  return commands;
}
