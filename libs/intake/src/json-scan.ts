const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const SMALL_E = 0x65;
const SMALL_U = 0x75;
const ZERO = 0x30;
const WORDS = ['true', 'false', 'null'].map((word) => Buffer.from(word));
/** Those after a backslash, without `u`: `"\/bfnrt`. */
const ESCAPED = new Set(Buffer.from('"\\/bfnrt'));

export const NOT_JSON = -1;
export const TOO_DEEP = -2;

/**
 * Walks over one JSON text (RFC 8259) without making anything of it, which costs a third of parsing and leaves no
 * garbage behind.
 * @param deepest how many lists and objects may stand within each other
 * @returns the length of the body, or what is wrong with it. Bytes that are no UTF-8 are taken within texts, as by a
 *   decoder that replaces them.
 */
export function scanJson(body: Uint8Array, deepest: number): number {
  const end = skipValue(body, skipSpace(body, 0), deepest);
  if (end < 0) return end;
  return skipSpace(body, end) === body.length ? body.length : NOT_JSON;
}

/** As all below: from where it begins to just behind it, or one of the two faults. */
function skipValue(body: Uint8Array, at: number, levels: number): number {
  switch (body[at]) {
    case QUOTE:
      return skipText(body, at + 1);
    case OPEN_OBJECT:
      return levels === 0 ? TOO_DEEP : skipObject(body, at + 1, levels - 1);
    case OPEN_LIST:
      return levels === 0 ? TOO_DEEP : skipList(body, at + 1, levels - 1);
    case 0x74:
      return skipWord(body, at, WORDS[0]!);
    case 0x66:
      return skipWord(body, at, WORDS[1]!);
    case 0x6e:
      return skipWord(body, at, WORDS[2]!);
    default:
      return skipNumber(body, at);
  }
}

function skipObject(body: Uint8Array, start: number, levels: number): number {
  let at = skipSpace(body, start);
  if (body[at] === CLOSE_OBJECT) return at + 1;
  for (;;) {
    if (body[at] !== QUOTE) return NOT_JSON;
    at = skipText(body, at + 1);
    if (at < 0) return at;
    at = skipSpace(body, at);
    if (body[at] !== COLON) return NOT_JSON;
    at = skipValue(body, skipSpace(body, at + 1), levels);
    if (at < 0) return at;
    at = skipSpace(body, at);
    if (body[at] === CLOSE_OBJECT) return at + 1;
    if (body[at] !== COMMA) return NOT_JSON;
    at = skipSpace(body, at + 1);
  }
}

function skipList(body: Uint8Array, start: number, levels: number): number {
  let at = skipSpace(body, start);
  if (body[at] === CLOSE_LIST) return at + 1;
  for (;;) {
    at = skipValue(body, at, levels);
    if (at < 0) return at;
    at = skipSpace(body, at);
    if (body[at] === CLOSE_LIST) return at + 1;
    if (body[at] !== COMMA) return NOT_JSON;
    at = skipSpace(body, at + 1);
  }
}

function skipText(body: Uint8Array, start: number): number {
  for (let at = start; at < body.length; at += 1) {
    const byte = body[at]!;
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20) return NOT_JSON;
    if (byte !== BACKSLASH) continue;
    at += 1;
    if (body[at] === SMALL_U) {
      for (let digit = 1; digit <= 4; digit += 1) if (!isHex(body[at + digit])) return NOT_JSON;
      at += 4;
    } else if (!ESCAPED.has(body[at] ?? 0)) return NOT_JSON;
  }
  return NOT_JSON;
}

function skipNumber(body: Uint8Array, start: number): number {
  const first = body[start] === MINUS ? start + 1 : start;
  // Only a nought may stand alone before the point.
  let at = body[first] === ZERO ? first + 1 : skipDigits(body, first);
  if (at >= 0 && body[at] === POINT) at = skipDigits(body, at + 1);
  if (at < 0 || ((body[at] ?? 0) | 0x20) !== SMALL_E) return at;
  const sign = body[at + 1];
  return skipDigits(body, sign === PLUS || sign === MINUS ? at + 2 : at + 1);
}

/** At least one. */
function skipDigits(body: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(body[at])) at += 1;
  return at === start ? NOT_JSON : at;
}

function skipWord(body: Uint8Array, at: number, word: Uint8Array): number {
  for (let letter = 0; letter < word.length; letter += 1) if (body[at + letter] !== word[letter]) return NOT_JSON;
  return at + word.length;
}

function skipSpace(body: Uint8Array, start: number): number {
  let at = start;
  while (body[at] === 0x20 || body[at] === 0x0a || body[at] === 0x0d || body[at] === 0x09) at += 1;
  return at;
}

function isDigit(byte = 0): boolean {
  return byte >= ZERO && byte <= 0x39;
}

function isHex(byte = 0): boolean {
  return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}
