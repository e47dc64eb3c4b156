import { oneLine, parseInline, type References } from './parse-markdown';

export type FieldKey = 'owner' | 'deputy' | 'trigger' | 'product';

// Far above any name or period, so that what is too long is still seen to be; trimming one is quadratic.
const LONGEST_VALUE = 500;

/** A line such as `owner: ada`. `line` counts from 0; `block` numbers the paragraphs, lists, .. of the file. */
export interface FieldLine {
  readonly key: FieldKey;
  /** What stands after the colon, without markup. */
  readonly value: string;
  readonly line: number;
  readonly block: number;
}

// Emphasis may close before the colon (**owner**: x), after it (**owner:** x) or at the end of the line (**owner: x**).
const FIELD = /^[\s*_`]*(owner|deputy|trigger|product)[\s*_`]*[:：](.*)$/i;

export function startsWithField(content: string): boolean {
  return FIELD.test(content.split('\n', 1)[0] ?? '');
}

/** The field lines of one paragraph that starts at this line. */
export function readFieldLines(content: string, line: number, block: number, references: References): FieldLine[] {
  if (!/owner|deputy|trigger|product/i.test(content)) return [];
  const fields: FieldLine[] = [];
  for (const [at, written] of blankComments(content).split('\n').entries()) {
    const [, key, value] = FIELD.exec(written) ?? [];
    if (key === undefined || value === undefined) continue;
    fields.push({ key: key.toLowerCase() as FieldKey, value: valueOf(value, references), line: line + at, block });
  }
  return fields;
}

function valueOf(written: string, references: References): string {
  const { text } = parseInline(written.slice(0, LONGEST_VALUE), references);
  return oneLine(text.replace(/[*`]/g, '').replace(/^[\s_]+|[\s_]+$/g, ''));
}

/** The text with every HTML comment turned to blanks, its lines kept where they are. */
function blankComments(content: string): string {
  if (!content.includes('<!--')) return content;
  return content.replace(/<!--[\s\S]*?(?:-->|$)/g, (comment) => comment.replace(/[^\n]/g, ' '));
}
