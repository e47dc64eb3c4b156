import type { FieldKey, FieldLine } from './parse-field-lines';
import type { ParsedPerson } from './parsed-library';
import type { Heading } from './parse-outline';
import { slug } from './parse-slug';

const LONGEST_HANDLE = 64;
const LONGEST_NAME = 80;
const SEVERAL_NAMES = /[,;/|]|\s(?:and|or|&|\+)\s|\S\s+@/i;
const NOBODY = /^(?:tbd|tba|todo|n\/a|none|nobody|vacant)$/i;

/** What the lines under a heading say about its process. */
export interface Fields {
  readonly owner: ParsedPerson | null;
  readonly deputy: ParsedPerson | null;
  readonly trigger: string | null;
  readonly product: 'each' | null;
  /** The lines that said so, counted from 0: they are about the record, not part of what is reviewed. */
  readonly lines: ReadonlySet<number>;
}

/** Where findings go, and who says whether a period can be read (the reason why not, or null). */
export interface FieldChecks {
  readonly checkPeriod: (text: string) => string | null;
  error(file: string, line: number, message: string): void;
  warn(file: string, line: number, message: string): void;
}

export function isOwned(heading: Heading): boolean {
  return heading.fields.some((field) => field.key === 'owner');
}

/** Reads and checks the field lines of a record; what is wrong goes to `checks`, and its field is then null. */
export function readFields(record: Heading, checks: FieldChecks): Fields {
  const fields = linesOfRecord(record);
  const only = new Map<FieldKey, FieldLine>();
  for (const field of fields) {
    const first = only.get(field.key);
    if (first === undefined) only.set(field.key, field);
    else checks.error(record.path, field.line + 1, repeated(field, first, record));
  }
  const owner = readPerson(record, only.get('owner'), checks);
  const deputy = readPerson(record, only.get('deputy'), checks);
  const isTwice = owner !== null && owner.handle === deputy?.handle;
  if (isTwice) {
    const message = `the deputy of "${record.text}" is its owner too: name somebody else, or leave the line out`;
    checks.warn(record.path, deputy.line, message);
  }
  return {
    owner,
    deputy: isTwice ? null : deputy,
    trigger: readTrigger(record, only.get('trigger'), checks),
    product: readProduct(record, only.get('product'), checks),
    lines: new Set(fields.map((field) => field.line)),
  };
}

/**
 * Every owner line, and the other lines that stand next to the first one: further down, "Trigger: a customer calls" is
 * prose. Without an owner the lines must come first.
 */
function linesOfRecord(record: Heading): FieldLine[] {
  const anchor = record.fields.find((field) => field.key === 'owner')?.block ?? record.firstBlock;
  const blocks = new Set(record.fields.map((field) => field.block));
  if (!blocks.has(anchor)) return [];
  let first = anchor;
  let last = anchor;
  while (blocks.has(first - 1)) first--;
  while (blocks.has(last + 1)) last++;
  return record.fields.filter((field) => field.key === 'owner' || (field.block >= first && field.block <= last));
}

function repeated(field: FieldLine, first: FieldLine, record: Heading): string {
  const hint = field.key === 'owner' ? '; one owner per process, put the second as "deputy:"' : '';
  return `"${record.text}" has a second ${field.key} line (the first is line ${first.line + 1})${hint}`;
}

function readPerson(record: Heading, field: FieldLine | undefined, checks: FieldChecks): ParsedPerson | null {
  if (field === undefined) return null;
  const line = field.line + 1;
  const fail = (message: string): null => {
    checks.error(record.path, line, message);
    return null;
  };
  const name = field.value.replace(/[.,;:]+$/, '').replace(/^@\s*/, '');
  if (!/[\p{L}\p{N}]/u.test(name))
    return fail(`the ${field.key} line of "${record.text}" names nobody: write "${field.key}: ada"`);
  if (NOBODY.test(name)) {
    checks.warn(record.path, line, `"${record.text}" has no ${field.key} yet ("${name}"): nobody is asked about it`);
    return null;
  }
  if (SEVERAL_NAMES.test(name)) {
    const hint =
      field.key === 'owner' ? 'one owner per process; put the second as "deputy:"' : 'one deputy per process';
    return fail(`"${name}" is more than one name in the ${field.key} line of "${record.text}": ${hint}`);
  }
  const handle = handleOf(name);
  if (name.length > LONGEST_NAME || handle.length > LONGEST_HANDLE)
    return fail(`the ${field.key} line of "${record.text}" is too long for a name: write a handle such as "ada"`);
  return { handle, name, file: record.path, line };
}

/** A handle is kept as written (`ada_l`, `s0288`); a name becomes one (`Ada Lovelace` is `ada-lovelace`). */
function handleOf(name: string): string {
  const written = name.toLowerCase();
  return /^[a-z0-9][a-z0-9._-]*$/.test(written) ? written : slug(name);
}

function readTrigger(record: Heading, field: FieldLine | undefined, checks: FieldChecks): string | null {
  if (field === undefined) return null;
  const reason = field.value === '' ? 'nothing is written there' : checks.checkPeriod(field.value);
  if (reason === null) return field.value;
  checks.error(record.path, field.line + 1, `the trigger "${field.value}" of "${record.text}" is no period: ${reason}`);
  return null;
}

function readProduct(record: Heading, field: FieldLine | undefined, checks: FieldChecks): 'each' | null {
  if (field === undefined) return null;
  if (field.value.toLowerCase() === 'each') return 'each';
  const message = `the product line of "${record.text}" says "${field.value}": write "product: each" for a process that every product has, or leave the line out`;
  checks.error(record.path, field.line + 1, message);
  return null;
}
