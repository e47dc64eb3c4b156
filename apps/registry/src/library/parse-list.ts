import { oneLine, parseInline, type References, type Token } from './parse-markdown';

/** An item of a list, with the items of the lists inside it. `line` counts from 0. */
export interface ListItem {
  text: string;
  links: readonly string[];
  readonly line: number;
  readonly parent: ListItem | null;
  readonly children: ListItem[];
}

/** Reads the list that opens at this token: the text of an item is its first paragraph. */
export function readList(tokens: readonly Token[], open: number, references: References): ListItem[] {
  const items: ListItem[] = [];
  const level = tokens[open]?.level ?? 0;
  let current = null as ListItem | null;
  for (let at = open + 1; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined || token.level <= level) break;
    if (token.type === 'list_item_open') {
      const item: ListItem = { text: '', links: [], line: token.map?.[0] ?? 0, parent: current, children: [] };
      (current?.children ?? items).push(item);
      current = item;
    } else if (token.type === 'list_item_close') {
      current = current?.parent ?? null;
    } else if (token.type === 'inline' && current !== null && current.text === '') {
      const { text, links } = parseInline(token.content, references);
      current.text = nameOf(text);
      current.links = links;
    }
  }
  return items;
}

/** The text of an item without a task's check box and without the colon that people put before a list. */
function nameOf(text: string): string {
  return oneLine(text)
    .replace(/^\[[ xX]\]\s+/, '')
    .replace(/\s*:$/, '');
}
