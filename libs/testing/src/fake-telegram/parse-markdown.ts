import { badRequest } from './api-error';
import { type MessageEntity } from './api-types';
import { linkFault } from './reply-markup';

interface Formatted {
  text: string;
  entities: MessageEntity[];
}

const wrong = (what: string): Error => badRequest(`can't parse entities: ${what}`);
const byteOffset = (source: string, at: number): number => Buffer.byteLength(source.slice(0, at));

const legacyMarks: readonly (readonly [mark: string, type: string])[] = [
  ['```', 'pre'],
  ['`', 'code'],
  ['*', 'bold'],
  ['_', 'italic'],
];

/** `parse_mode: Markdown`, the old one: nothing nests, and an entity that does not end is an error. */
export function parseMarkdown(source: string): Formatted {
  const result: Formatted = { text: '', entities: [] };
  for (let at = 0; at < source.length;) {
    const character = source[at] as string;
    if (character === '\\' && '_*`['.includes(source[at + 1] ?? ' ')) {
      result.text += source[at + 1] as string;
      at += 2;
      continue;
    }
    const mark = legacyMarks.find(([sign]) => source.startsWith(sign, at));
    if (mark !== undefined) at = readLegacyEntity(source, at, mark, result);
    else if (character === '[') at = readLink(source, at, result);
    else {
      result.text += character;
      at += 1;
    }
  }
  return result;
}

function readLegacyEntity(
  source: string,
  at: number,
  [sign, type]: readonly [string, string],
  result: Formatted,
): number {
  const end = source.indexOf(sign, at + sign.length);
  if (end === -1) throw wrong(`Can't find end of the entity starting at byte offset ${byteOffset(source, at)}`);
  add(result, type, source.slice(at + sign.length, end));
  return end + sign.length;
}

/** `[text](address)`; without an address it is plain text, and an address that is none makes no link. */
function readLink(source: string, at: number, result: Formatted): number {
  const end = source.indexOf(']', at);
  if (end === -1) throw wrong(`Can't find end of the entity starting at byte offset ${byteOffset(source, at)}`);
  const label = source.slice(at + 1, end);
  const url = /^\(([^)]*)\)/.exec(source.slice(end + 1))?.[1];
  if (url !== undefined && linkFault(url) === undefined) add(result, 'text_link', label, url);
  else result.text += label;
  return end + 1 + (url === undefined ? 0 : url.length + 2);
}

function add(result: Formatted, type: string, content: string, url?: string): void {
  const entity = { type, offset: result.text.length, length: content.length, ...(url === undefined ? {} : { url }) };
  if (content !== '') result.entities.push(entity);
  result.text += content;
}

const marksV2: readonly (readonly [mark: string, type: string, name: string])[] = [
  ['||', 'spoiler', 'Spoiler'],
  ['__', 'underline', 'Underline'],
  ['*', 'bold', 'Bold'],
  ['_', 'italic', 'Italic'],
  ['~', 'strikethrough', 'Strikethrough'],
];
const codeMarksV2: readonly (readonly [mark: string, type: string, name: string])[] = [
  ['```', 'pre', 'Pre'],
  ['`', 'code', 'Code'],
];
const reservedV2 = '_*[]()~`>#+-=|{}.!';

interface OpenMark {
  sign: string;
  type: string;
  name: string;
  offset: number;
  byte: number;
}

/** `parse_mode: MarkdownV2`: entities nest, and every reserved character that marks nothing must be escaped. */
export function parseMarkdownV2(source: string): Formatted {
  const result: Formatted = { text: '', entities: [] };
  const open: OpenMark[] = [];
  for (let at = 0; at < source.length;) {
    const character = source[at] as string;
    const next = source[at + 1];
    if (character === '\\' && next !== undefined && next.charCodeAt(0) <= 126) {
      result.text += next;
      at += 2;
      continue;
    }
    const code = codeMarksV2.find(([sign]) => source.startsWith(sign, at));
    const mark = marksV2.find(([sign]) => source.startsWith(sign, at));
    if (code !== undefined) at = readCode(source, at, code, result);
    else if (mark !== undefined) at = toggle(source, at, mark, open, result);
    else if (character === '[') at = readLink(source, at, result);
    else if (reservedV2.includes(character)) {
      throw wrong(`Character '${character}' is reserved and must be escaped with the preceding '\\'`);
    } else {
      result.text += character;
      at += 1;
    }
  }
  const last = open.at(-1);
  if (last !== undefined) throw wrong(`Can't find end of ${last.name} entity at byte offset ${last.byte}`);
  return { text: result.text, entities: result.entities.sort((one, other) => one.offset - other.offset) };
}

function readCode(
  source: string,
  at: number,
  [sign, type, name]: readonly [string, string, string],
  result: Formatted,
): number {
  let end = at + sign.length;
  while (end < source.length && !source.startsWith(sign, end)) end += source[end] === '\\' ? 2 : 1;
  if (end >= source.length) throw wrong(`Can't find end of ${name} entity at byte offset ${byteOffset(source, at)}`);
  add(result, type, source.slice(at + sign.length, end).replace(/\\([`\\])/g, '$1'));
  return end + sign.length;
}

/** Ends the innermost entity when this is its mark, otherwise begins one. */
function toggle(
  source: string,
  at: number,
  [sign, type, name]: readonly [string, string, string],
  open: OpenMark[],
  result: Formatted,
): number {
  const last = open.at(-1);
  if (last?.sign === sign) {
    open.pop();
    const length = result.text.length - last.offset;
    if (length > 0) result.entities.push({ type, offset: last.offset, length });
  } else {
    open.push({ sign, type, name, offset: result.text.length, byte: byteOffset(source, at) });
  }
  return at + sign.length;
}
