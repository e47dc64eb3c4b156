import MarkdownIt from 'markdown-it';

export type Token = ReturnType<MarkdownIt['parse']>[number];

/** What link references (`[text][name]`) of one file resolve to; filled by `parseBlocks`, used by `parseInline`. */
export type References = Record<string, unknown>;

export interface InlineText {
  /** The text a reader sees: no markup, no images, no comments; line breaks as they are written. */
  readonly text: string;
  /** Where its links lead, as markdown-it normalises them, in order. */
  readonly links: readonly string[];
}

// Most of a library is prose that nobody here needs to understand: inline markup is parsed only where it is asked for.
const blocks = new MarkdownIt({ html: true });
blocks.core.ruler.enableOnly(['normalize', 'block']);
const inlines = new MarkdownIt({ html: true });

/** The block structure of a Markdown text: headings, lists, fences, paragraphs; inline tokens have no children. */
export function parseBlocks(markdown: string, references: References): Token[] {
  return blocks.parse(markdown, references);
}

/** The visible text and the links of one piece of inline Markdown. */
export function parseInline(markdown: string, references: References): InlineText {
  let text = '';
  const links: string[] = [];
  for (const token of inlines.parseInline(markdown, references)[0]?.children ?? []) {
    if (token.type === 'text' || token.type === 'code_inline') text += token.content;
    else if (token.type === 'softbreak' || token.type === 'hardbreak') text += '\n';
    else if (token.type === 'link_open') links.push(token.attrGet('href') ?? '');
  }
  return { text, links };
}

/** A text on one line, blanks collapsed. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
