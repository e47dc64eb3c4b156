import { badRequest } from './api-error';
import { type MessageEntity } from './api-types';
import { linkFault } from './reply-markup';

const entityOfTag: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  'tg-spoiler': 'spoiler',
  a: 'text_link',
};
const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

interface OpenTag {
  name: string;
  offset: number;
  url?: string;
}

/** `parse_mode: HTML`: the text without its tags, and what they mean. Throws `can't parse entities: ..`. */
export function parseHtml(source: string): { text: string; entities: MessageEntity[] } {
  const entities: MessageEntity[] = [];
  const open: OpenTag[] = [];
  let text = '';
  for (let at = 0; at < source.length;) {
    const character = source[at] as string;
    if (character === '<') at = readTag({ source, at, open, entities, offset: text.length });
    else if (character === '&') {
      const [decoded, next] = readCharacter(source, at);
      text += decoded;
      at = next;
    } else {
      text += character;
      at += 1;
    }
  }
  const last = open.at(-1);
  if (last !== undefined) throw wrong(`Can't find end tag corresponding to start tag "${last.name}"`);
  return { text, entities: entities.sort((one, other) => one.offset - other.offset) };
}

interface TagPlace {
  source: string;
  at: number;
  open: OpenTag[];
  entities: MessageEntity[];
  /** Where the tag is in the resulting text. */
  offset: number;
}

/** Returns where the tag ends. */
function readTag({ source, at, open, entities, offset }: TagPlace): number {
  const end = source.indexOf('>', at);
  const byte = Buffer.byteLength(source.slice(0, at));
  const inner = source.slice(at + 1, end === -1 ? undefined : end);
  const name = /^\/?([^\s/>]*)/.exec(inner)?.[1]?.toLowerCase() ?? '';
  if (inner.startsWith('/')) {
    const opened = open.pop();
    if (opened === undefined) throw wrong(`Unexpected end tag at byte offset ${byte}`);
    if (name !== '' && name !== opened.name) {
      throw wrong(`Unmatched end tag at byte offset ${byte}, expected "</${opened.name}>", found "</${name}>"`);
    }
    if (end === -1) throw wrong(`Unclosed end tag at byte offset ${byte}`);
    close(opened, entities, offset);
    return end + 1;
  }
  if (!(name in entityOfTag)) throw wrong(`Unsupported start tag "${name}" at byte offset ${byte}`);
  if (end === -1) throw wrong(`Unclosed start tag "${name}" at byte offset ${byte}`);
  const url = name === 'a' ? /href\s*=\s*["']?([^"'\s>]*)/i.exec(inner)?.[1] : undefined;
  open.push({ name, offset, ...(url === undefined ? {} : { url }) });
  return end + 1;
}

function close(tag: OpenTag, entities: MessageEntity[], offset: number): void {
  const length = offset - tag.offset;
  if (length === 0) return;
  const type = entityOfTag[tag.name] as string;
  if (type !== 'text_link') entities.push({ type, offset: tag.offset, length });
  // A link to an address that is none stays plain text.
  else if (tag.url !== undefined && linkFault(tag.url) === undefined) {
    entities.push({ type, offset: tag.offset, length, url: tag.url });
  }
}

/** An escaped character; what is no known escape stands for itself. */
function readCharacter(source: string, at: number): [string, number] {
  const found = /^&(?:#x([0-9a-f]+)|#([0-9]+)|([a-z]+));?/i.exec(source.slice(at, at + 12));
  const [whole = '&', hex, decimal, name] = found ?? [];
  const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
  const decoded =
    name === undefined ? (code > 0 && code < 0x10ffff ? String.fromCodePoint(code) : '') : characters[name];
  return decoded ? [decoded, at + whole.length] : ['&', at + 1];
}

const wrong = (what: string): Error => badRequest(`can't parse entities: ${what}`);
