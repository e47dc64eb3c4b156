import { type InlineButton, type InlineKeyboard } from './api-types';
import { badRequest } from './api-error';

const longestCallbackData = 64;
const otherActions = [
  'web_app',
  'login_url',
  'switch_inline_query',
  'switch_inline_query_current_chat',
  'switch_inline_query_chosen_chat',
  'copy_text',
  'callback_game',
  'pay',
];
const replyKeyboards = { keyboard: Array.isArray, remove_keyboard: isBoolean, force_reply: isBoolean };

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

/**
 * Checks `reply_markup` of a message and returns its inline keyboard; undefined when it has none.
 * @param inlineOnly for edits, which cannot carry a reply keyboard
 */
export function readReplyMarkup(markup: unknown, inlineOnly: boolean): InlineKeyboard | undefined {
  if (markup === undefined) return undefined;
  if (!isObject(markup)) throw badRequest('object expected as reply markup');
  if ('inline_keyboard' in markup) return readInlineKeyboard(markup['inline_keyboard']);
  for (const [name, isRight] of Object.entries(replyKeyboards)) {
    if (!(name in markup)) continue;
    if (!isRight(markup[name])) {
      throw badRequest(`field "${name}" must be of type ${name === 'keyboard' ? 'Array' : 'Boolean'}`);
    }
    if (inlineOnly) throw badRequest('inline keyboard expected');
    return undefined;
  }
  if (Object.keys(markup).length === 0) return undefined;
  throw badRequest("can't parse reply markup JSON object");
}

function readInlineKeyboard(rows: unknown): InlineKeyboard | undefined {
  if (!Array.isArray(rows)) throw badRequest('field "inline_keyboard" must be of type Array');
  const read = rows.map((row: unknown) => {
    if (!Array.isArray(row)) throw badRequest('field "inline_keyboard" must be an Array of Arrays');
    return row.map(readButton);
  });
  const filled = read.filter((row) => row.length > 0);
  return filled.length === 0 ? undefined : { inline_keyboard: filled };
}

function readButton(button: unknown): InlineButton {
  const wrong = (what: string): Error => badRequest(`can't parse inline keyboard button: ${what}`);
  if (!isObject(button)) throw wrong('InlineKeyboardButton must be an Object');
  if (button['text'] === undefined) throw wrong('Can\'t find field "text"');
  if (typeof button['text'] !== 'string') throw wrong('Field "text" must be of type String');
  if (button['text'].trim() === '') throw wrong('Field "text" must be non-empty');
  const { url, callback_data: data } = button;
  for (const [name, value] of Object.entries({ url, callback_data: data })) {
    if (value !== undefined && typeof value !== 'string') throw wrong(`Field "${name}" must be of type String`);
  }
  if (typeof url === 'string' && url !== '') checkUrl(url);
  else if (typeof data === 'string' && data !== '') checkCallbackData(data);
  else if (!otherActions.some((action) => action in button)) {
    throw wrong('Text buttons are unallowed in the inline keyboard');
  }
  return button as InlineButton;
}

function checkCallbackData(data: string): void {
  if (Buffer.byteLength(data) > longestCallbackData) throw badRequest('BUTTON_DATA_INVALID');
}

function checkUrl(url: string): void {
  const wrong = linkFault(url);
  if (wrong !== undefined) throw badRequest(`inline keyboard button URL '${url}' is invalid: ${wrong}`);
}

/** Why Telegram takes no link to this address; undefined when it does. A host without a dot is none to it. */
export function linkFault(url: string): string | undefined {
  if (url === '') return 'URL host is empty';
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme === 'tg' || scheme === 'ton') return undefined;
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return 'Unsupported URL protocol';
  try {
    const { hostname } = new URL(scheme === undefined ? `http://${url}` : url);
    return hostname.includes('.') || hostname.startsWith('[') ? undefined : 'Wrong HTTP URL';
  } catch {
    return 'Wrong HTTP URL';
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
