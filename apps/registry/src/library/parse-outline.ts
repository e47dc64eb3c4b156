import GithubSlugger from 'github-slugger';
import { readFieldLines, startsWithField, type FieldLine } from './parse-field-lines';
import { findUnclosed } from './parse-unclosed';
import type { Finding, LibraryFile } from './parsed-library';
import { readList, type ListItem } from './parse-list';
import { oneLine, parseBlocks, parseInline, type References, type Token } from './parse-markdown';

/** A heading of a file. Line numbers here count from 0; a `Finding` counts from 1. */
export interface Heading {
  readonly path: string;
  readonly level: number;
  readonly text: string;
  /** Its text with the markup. */
  readonly source: string;
  readonly anchor: string;
  readonly parent: Heading | null;
  readonly start: number;
  /** The first line below the heading itself. */
  readonly bodyStart: number;
  /** The line after its last: where the next heading of the same or a higher level starts, or the file ends. */
  end: number;
  /** The number of the first block below it, comparable with `FieldLine.block`. */
  readonly firstBlock: number;
  /** The lines such as `owner: ada` below it, before any other heading. */
  readonly fields: FieldLine[];
}

/** A list that stands in no other list, above the first heading with an `owner:` line. */
export interface TopList {
  readonly line: number;
  readonly items: readonly ListItem[];
}

/** What the structure of one Markdown file is, before anybody decides which headings are processes. */
export interface Outline {
  readonly path: string;
  readonly lines: readonly string[];
  readonly headings: readonly Heading[];
  readonly lists: readonly TopList[];
  /** Every anchor of the file, those of headings in quotations and list items too. */
  readonly anchors: ReadonlySet<string>;
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** Reads the structure of a file. Never throws; fences and comments that never close are `errors`. */
export function readOutline(file: LibraryFile): Outline {
  const text = file.text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  return new OutlineReader(file.path, text.split('\n')).read();
}

class OutlineReader {
  private readonly slugger = new GithubSlugger();
  private readonly references: References = {};
  private readonly headings: Heading[] = [];
  private readonly anchors = new Set<string>();
  private readonly lists: TopList[] = [];
  private readonly errors: Finding[] = [];
  private readonly warnings: Finding[] = [];
  private block = 0;
  private container = '';
  private firstOwned: Heading | null = null;

  constructor(
    private readonly path: string,
    private readonly lines: readonly string[],
  ) {}

  read(): Outline {
    const tokens = parseBlocks(`${withoutFrontMatter(this.lines).join('\n')}\n`, this.references);
    for (let at = 0; at < tokens.length; at++) this.visit(tokens, at);
    const above = this.firstOwned?.start ?? Infinity;
    return {
      path: this.path,
      lines: this.lines,
      headings: this.headings,
      lists: this.lists.filter((list) => list.line < above),
      anchors: this.anchors,
      errors: this.errors,
      warnings: this.warnings,
    };
  }

  private visit(tokens: readonly Token[], at: number): void {
    const token = tokens[at];
    if (token === undefined) return;
    if (token.level === 0 && token.nesting >= 0) {
      this.block++;
      this.container = token.type;
    }
    if (token.type === 'heading_open') this.visitHeading(token, tokens[at + 1]);
    else if (token.type === 'inline') this.visitParagraph(token, tokens[at - 1]);
    else if (isListOpen(token)) this.visitList(tokens, at);
    else this.visitUnclosed(token);
  }

  private visitHeading(open: Token, inline: Token | undefined): void {
    const source = inline?.content ?? '';
    const { text } = parseInline(source, this.references);
    const anchor = this.slugger.slug(text.trim());
    this.anchors.add(anchor);
    const [start, bodyStart] = open.map ?? [0, 0];
    // An `owner:` line with a rule of dashes right below it is a heading to Markdown, but not to who wrote it.
    const isUnderlinedField = !open.markup.startsWith('#') && startsWithField(source);
    if (open.level > 0 || isUnderlinedField) {
      if (isUnderlinedField && open.level === 0) this.addFields(source, start);
      return;
    }
    const level = Number(open.tag.slice(1));
    this.headings.push({
      path: this.path,
      level,
      text: oneLine(text),
      source: oneLine(source),
      anchor,
      parent: this.closeDownTo(level, start),
      start,
      bodyStart,
      end: this.lines.length,
      firstBlock: this.block + 1,
      fields: [],
    });
  }

  /** Ends the headings that one of this level ends, and answers which one it stands below. */
  private closeDownTo(level: number, line: number): Heading | null {
    let open = this.headings.at(-1) ?? null;
    while (open !== null && open.level >= level) {
      open.end = line;
      open = open.parent;
    }
    return open;
  }

  private visitParagraph(inline: Token, open: Token | undefined): void {
    if (open?.type !== 'paragraph_open') return;
    const isPlain = open.level === 0;
    const isListItem = open.level === 2 && this.container.endsWith('_list_open');
    if (isPlain || isListItem) this.addFields(inline.content, inline.map?.[0] ?? 0);
  }

  private addFields(content: string, line: number): void {
    const fields = readFieldLines(content, line, this.block, this.references);
    if (fields.length === 0) return;
    const heading = this.headings.at(-1);
    const owner = fields.find((field) => field.key === 'owner');
    if (heading !== undefined) {
      heading.fields.push(...fields);
      if (owner !== undefined) this.firstOwned ??= heading;
    } else if (owner !== undefined) {
      const message = 'this owner line stands above the first heading and belongs to no process: put it under one';
      this.warnings.push({ file: this.path, line: owner.line + 1, message });
    }
  }

  private visitList(tokens: readonly Token[], at: number): void {
    const line = tokens[at]?.map?.[0] ?? 0;
    if (tokens[at]?.level !== 0 || this.firstOwned !== null) return;
    this.lists.push({ line, items: readList(tokens, at, this.references) });
  }

  private visitUnclosed(token: Token): void {
    const message = findUnclosed(token);
    if (message !== null) this.errors.push({ file: this.path, line: (token.map?.[0] ?? 0) + 1, message });
  }
}

function isListOpen(token: Token): boolean {
  return token.type === 'bullet_list_open' || token.type === 'ordered_list_open';
}

/** The same lines with the YAML head that some sites want emptied: to Markdown it would be a rule and a heading. */
function withoutFrontMatter(lines: readonly string[]): readonly string[] {
  if (lines[0]?.trimEnd() !== '---' || !/^[\w"'-]+\s*:/.test(lines[1] ?? '')) return lines;
  const end = lines.findIndex((line, at) => at > 0 && /^(?:---|\.\.\.)\s*$/.test(line));
  return end === -1 ? lines : lines.map((line, at) => (at <= end ? '' : line));
}
