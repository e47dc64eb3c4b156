import { badRequest } from './api-error';
import { type MessageEntity } from './api-types';
import { type Parameters } from './parameters';
import { parseHtml } from './parse-html';
import { parseMarkdown, parseMarkdownV2 } from './parse-markdown';
import { isObject, linkFault } from './reply-markup';

export interface FormattedText {
  text: string;
  entities: MessageEntity[];
}

const simpleTypes = [
  ...['mention', 'hashtag', 'cashtag', 'bot_command', 'url', 'email', 'phone_number', 'bold', 'italic'],
  ...['underline', 'strikethrough', 'spoiler', 'blockquote', 'expandable_blockquote', 'code', 'pre'],
];

/**
 * Reads a text with its formatting: parameter `name`, and `entities` or `parse_mode`. The result is what Telegram
 * stores: trimmed, markup turned into entities. Throws Telegram's own errors.
 */
export function readFormattedText(parameters: Parameters, name: 'text' | 'caption'): FormattedText {
  const raw = parameters.text(name) ?? '';
  const mode = (parameters.text('parse_mode') ?? '').toLowerCase();
  return trim(checkBounds(formatted(raw, mode, parameters, name)));
}

function formatted(raw: string, mode: string, parameters: Parameters, name: 'text' | 'caption'): FormattedText {
  switch (mode) {
    case 'html':
      return parseHtml(raw);
    case 'markdown':
      return parseMarkdown(raw);
    case 'markdownv2':
      return parseMarkdownV2(raw);
    case '':
    case 'none':
      return { text: raw, entities: readEntities(parameters, name === 'text' ? 'entities' : 'caption_entities') };
    default:
      throw badRequest('unsupported parse_mode');
  }
}

function readEntities(parameters: Parameters, name: string): MessageEntity[] {
  const given = parameters.structure(name, 'entities');
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw badRequest("can't parse entities: expected an Array");
  return given.map(readEntity);
}

function readEntity(entity: unknown): MessageEntity {
  const wrong = (what: string): Error => badRequest(`can't parse MessageEntity: ${what}`);
  if (!isObject(entity)) throw wrong('expected an Object');
  for (const name of ['type', 'offset', 'length']) {
    if (entity[name] === undefined) throw wrong(`Can't find field "${name}"`);
  }
  const { type, offset, length, url, user } = entity;
  if (typeof type !== 'string') throw wrong('Field "type" must be of type String');
  if (!Number.isInteger(offset)) throw wrong('Field "offset" must be of type Number');
  if (!Number.isInteger(length)) throw wrong('Field "length" must be of type Number');
  if (type === 'text_link') {
    if (url === undefined) throw wrong('Can\'t find field "url"');
    if (typeof url !== 'string') throw wrong('Field "url" must be of type String');
    const fault = linkFault(url);
    if (fault !== undefined) throw badRequest(`entity URL '${url}' is invalid: ${fault}`);
  } else if (type === 'text_mention') {
    if (user === undefined) throw wrong('Can\'t find field "user"');
  } else if (!simpleTypes.includes(type) && type !== 'custom_emoji') {
    throw wrong('Unsupported type specified');
  }
  return entity as unknown as MessageEntity;
}

function checkBounds({ text, entities }: FormattedText): FormattedText {
  for (const { offset, length } of entities) {
    const end = offset + length;
    if (offset < 0) throw badRequest(`receive an entity with incorrect offset ${offset}`);
    if (length < 0) throw badRequest(`receive an entity with incorrect length ${length}`);
    if (offset > text.length) {
      throw badRequest(`entity begins after the end of the text at UTF-16 offset ${offset}`);
    }
    if (end > text.length) {
      throw badRequest(
        `entity beginning at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${end}`,
      );
    }
    if (splitsCharacter(text, offset)) {
      throw badRequest(`entity begins in a middle of a UTF-16 symbol at byte offset ${offset}`);
    }
    if (splitsCharacter(text, end)) {
      throw badRequest(`entity ends in a middle of a UTF-16 symbol at byte offset ${end}`);
    }
  }
  return { text, entities };
}

/** Between the two halves of a character that takes two UTF-16 units. */
function splitsCharacter(text: string, offset: number): boolean {
  return /[\ud800-\udbff]/.test(text[offset - 1] ?? '') && /[\udc00-\udfff]/.test(text[offset] ?? '');
}

/** Telegram keeps no blank at either end; entities move with the text and vanish when nothing is left of them. */
function trim({ text, entities }: FormattedText): FormattedText {
  const start = text.length - text.trimStart().length;
  const trimmed = text.trim();
  const moved = entities.map((entity) => {
    const from = Math.max(0, entity.offset - start);
    const to = Math.min(trimmed.length, entity.offset + entity.length - start);
    return { ...entity, offset: from, length: to - from };
  });
  return { text: trimmed, entities: moved.filter(({ length }) => length > 0) };
}
