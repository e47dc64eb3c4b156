/** Text with marked parts, as the Bot API takes it: offsets and lengths count UTF-16 units. */
export interface RichText {
  readonly text: string;
  readonly entities: readonly Entity[];
}

export interface Entity {
  readonly type: 'bold' | 'italic';
  readonly offset: number;
  readonly length: number;
}

/** A piece of a message. What people or records named may be `cuttable`: it gives way when the message is too long. */
export interface Part {
  readonly text: string;
  readonly style?: Entity['type'];
  readonly cuttable?: boolean;
}

/** A button under a message: `data` comes back when it is tapped, `url` is opened. */
export type Button = { readonly text: string; readonly data: string } | { readonly text: string; readonly url: string };

/** A message as it is handed to a channel. */
export interface Message extends RichText {
  /** Rows from top to bottom. */
  readonly buttons: readonly (readonly Button[])[];
}

/** UTF-16 units that a message may have. */
export const MESSAGE_LIMIT = 4096;
/** A name that has to give way keeps at least this much. */
const SHORTEST_NAME = 60;

/**
 * Puts a message together out of its parts. Nothing in a part can become markup: what is marked is said beside the
 * text. When it is longer than `limit`, the cuttable parts are shortened, the longest first, and only then the end.
 */
export function compose(parts: readonly Part[], limit: number = MESSAGE_LIMIT): RichText {
  let text = '';
  const entities: Entity[] = [];
  for (const part of shortened(parts, limit)) {
    const room = limit - text.length;
    const piece = cut(part.text, room);
    const marked = piece.trimEnd().length;
    if (part.style !== undefined && marked > 0)
      entities.push({ type: part.style, offset: text.length, length: marked });
    text += piece;
    if (piece.length < part.text.length) break;
  }
  return { text, entities };
}

/** One line of what may be any text: breaks and control characters become blanks, half characters a sign for that. */
export function oneLine(raw: string): string {
  return raw
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .trim();
}

/** At most `length` UTF-16 units, with an ellipsis where something is missing; never half a character. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  if (length < 1) return '';
  const end = length - 1;
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(end));
  // A joiner or a modifier left alone at the end would be drawn as a box.
  return `${text.slice(0, splitsPair ? end - 1 : end).replace(/(\u200D|\uFE0F)+$/, '')}…`;
}

function shortened(parts: readonly Part[], limit: number): readonly Part[] {
  const result = [...parts];
  let excess = parts.reduce((sum, part) => sum + part.text.length, 0) - limit;
  while (excess > 0) {
    const part = longestName(result);
    if (part === null) break;
    const text = cut(part.text, Math.max(SHORTEST_NAME, part.text.length - excess));
    excess -= part.text.length - text.length;
    result[result.indexOf(part)] = { ...part, text };
  }
  return result;
}

function longestName(parts: readonly Part[]): Part | null {
  const names = parts.filter((part) => part.cuttable === true && part.text.length > SHORTEST_NAME);
  return names.reduce<Part | null>((a, b) => (a !== null && a.text.length >= b.text.length ? a : b), null);
}
