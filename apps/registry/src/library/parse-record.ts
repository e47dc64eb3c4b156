import { createHash } from 'node:crypto';
import type { Heading, Outline } from './parse-outline';

/** A record and the headings under it, in the order of the file. */
export interface RecordOutline {
  readonly record: Heading;
  readonly below: readonly Heading[];
  /** Those of `below` that are records of their own: their lines are not part of this one. */
  readonly nested: readonly Heading[];
  /** Lines that are about the record and not reviewed (owner, deputy, trigger, product), counted from 0. */
  readonly aside: ReadonlySet<number>;
}

/**
 * The Markdown of a record as written, and the SHA-256 (hex) of what a review is about: its text without the lines set
 * aside, wherever in the file and at whatever level it stands.
 */
export function readRecord({ lines }: Outline, { record, below, nested, aside }: RecordOutline) {
  const headings = new Map([record, ...below].map((heading) => [heading.start, heading]));
  const written: string[] = [];
  const reviewed: string[] = [];
  let headingEnd = 0;
  for (const at of lineNumbers(record, nested)) {
    const line = lines[at] ?? '';
    written.push(line);
    const heading = headings.get(at);
    if (heading !== undefined) {
      headingEnd = heading.bodyStart;
      reviewed.push(`${'#'.repeat(heading.level - record.level + 1)} ${heading.source}`);
    } else if (at >= headingEnd && !aside.has(at)) reviewed.push(line.trimEnd());
  }
  while (written.at(-1)?.trim() === '') written.pop();
  return { text: written.join('\n'), hash: createHash('sha256').update(withoutExtraBlanks(reviewed)).digest('hex') };
}

function* lineNumbers(record: Heading, nested: readonly Heading[]): Generator<number> {
  let at = record.start;
  for (const inner of nested) {
    while (at < inner.start) yield at++;
    at = Math.max(at, inner.end);
  }
  while (at < record.end) yield at++;
}

/** Blank lines as one, none below the heading and none at the end: where an owner line stood must leave no trace. */
function withoutExtraBlanks(lines: readonly string[]): string {
  const kept = lines.filter((line, at) => line !== '' || (at > 1 && lines[at - 1] !== ''));
  while (kept.at(-1) === '') kept.pop();
  return kept.join('\n');
}
