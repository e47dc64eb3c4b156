import { claimHeadings, findRecords, type Claims } from './parse-claims';
import { readFields, type FieldChecks, type Fields } from './parse-fields';
import { findIndex, HeadingDirectory } from './parse-index';
import type { ListItem } from './parse-list';
import { readOutline, type Heading, type Outline } from './parse-outline';
import { readRecord } from './parse-record';
import { sectionOfItem, sectionOfRecord, spellSections, titleOf, type SectionSources } from './parse-section';
import { processId } from './parse-slug';
import type { Finding, LibraryFile, ParsedLibrary, ParsedPerson, ParsedProcess, ParseOptions } from './parsed-library';

export type { Finding, LibraryFile, ParsedLibrary, ParsedPerson, ParsedProcess, ParseOptions };

/**
 * Reads the processes of a library from its Markdown. Never throws: either everything is right, or every error is named
 * with its place. Processes come in the order of the files, people by handle.
 */
export function parseLibrary(files: readonly LibraryFile[], options: ParseOptions): ParsedLibrary {
  return new LibraryParser(files, options).parse();
}

class LibraryParser implements FieldChecks {
  readonly checkPeriod: (text: string) => string | null;
  private readonly layout: 'file' | 'folder';
  private readonly errors: Finding[] = [];
  private readonly warnings: Finding[] = [];
  private readonly processes: ParsedProcess[] = [];
  private readonly people = new Map<string, ParsedPerson>();
  private readonly outlines: readonly Outline[];

  constructor(
    files: readonly LibraryFile[],
    private readonly options: ParseOptions,
  ) {
    this.checkPeriod = options.checkPeriod;
    this.layout = options.layout ?? (files.length === 1 ? 'file' : 'folder');
    this.outlines = files.map(readOutline);
  }

  error(file: string, line: number, message: string): void {
    this.errors.push({ file, line, message });
  }

  warn(file: string, line: number, message: string): void {
    this.warnings.push({ file, line, message });
  }

  parse(): ParsedLibrary {
    for (const outline of this.outlines) {
      for (const error of outline.errors) this.errors.push(error);
      for (const warning of outline.warnings) this.warnings.push(warning);
    }
    this.readProcesses();
    this.processes.sort(byPlace);
    this.checkIds();
    this.checkSomethingIsThere();
    if (this.errors.length > 0) return { ok: false, errors: this.errors.sort(byPlace) };
    const people = [...this.people.values()].sort((a, b) => compare(a.handle, b.handle));
    return { ok: true, processes: this.processes, people, warnings: this.warnings.sort(byPlace) };
  }

  private readProcesses(): void {
    const directory = new HeadingDirectory(this.outlines);
    const found = this.outlines.map((outline) => findIndex(outline, directory, this.layout === 'file'));
    const indexes = found.filter((index) => index !== null);
    const claims = claimHeadings(indexes, directory);
    const spellings = spellSections(indexes);
    for (const warning of claims.warnings) this.warnings.push(warning);
    for (const [at, outline] of this.outlines.entries()) {
      const index = found[at] ?? null;
      const records = findRecords(outline, claims);
      const [title, layout] = [titleOf(outline), this.layout];
      this.readRecords(records, claims, { outline, title, index, spellings, layout, records: new Set(records) });
    }
    for (const { outline, item } of claims.gaps) this.addGap(outline, item);
  }

  private readRecords(records: readonly Heading[], claims: Claims, sources: SectionSources): void {
    const { headings } = sources.outline;
    let at = 0;
    for (const record of records) {
      while (headings[at] !== record) at++;
      const below: Heading[] = [];
      for (let next = at + 1; (headings[next]?.start ?? Infinity) < record.end; next++) {
        const heading = headings[next];
        if (heading !== undefined) below.push(heading);
      }
      const item = claims.itemOf.get(record);
      const section = item === undefined ? sectionOfRecord(record, sources) : sectionOfItem(item);
      this.addRecord(record, section, below, sources);
    }
  }

  private addRecord(
    record: Heading,
    section: string | null,
    below: Heading[],
    { outline, records }: SectionSources,
  ): void {
    const fields = readFields(record, this);
    const line = record.start + 1;
    if (record.text === '') {
      this.error(outline.path, line, 'this heading has an owner but no text: write the name of the process there');
      return;
    }
    const nested = below.filter((heading) => records.has(heading));
    const { text, hash } = readRecord(outline, { record, below, nested, aside: fields.lines });
    this.meet(fields);
    this.processes.push({
      id: processId(section, record.text),
      name: record.text,
      section,
      owner: fields.owner?.handle ?? null,
      deputy: fields.deputy?.handle ?? null,
      triggerPeriod: fields.trigger,
      product: fields.product,
      url: this.urlOf(record),
      documented: true,
      record: text,
      recordHash: hash,
      file: outline.path,
      line,
    });
  }

  private addGap(outline: Outline, item: ListItem): void {
    const section = sectionOfItem(item);
    this.processes.push({
      id: processId(section, item.text),
      name: item.text,
      section,
      owner: null,
      deputy: null,
      triggerPeriod: null,
      product: null,
      url: null,
      documented: false,
      record: null,
      recordHash: null,
      file: outline.path,
      line: item.line + 1,
    });
  }

  /** Keeps a person once; a name in full says more than a handle met before it. */
  private meet({ owner, deputy }: Fields): void {
    for (const person of [owner, deputy]) {
      if (person === null) continue;
      const known = this.people.get(person.handle);
      if (known === undefined) this.people.set(person.handle, person);
      else if (isHandle(known) && !isHandle(person)) this.people.set(person.handle, { ...known, name: person.name });
    }
  }

  private urlOf(record: Heading): string | null {
    const { baseUrl } = this.options;
    if (baseUrl === null) return null;
    const file = this.layout === 'folder' ? `/${urlPath(record.path)}` : '';
    return `${baseUrl.replace(/\/+$/, '')}${file}#${urlPath(record.anchor)}`;
  }

  private checkIds(): void {
    const first = new Map<string, ParsedProcess>();
    for (const process of this.processes) {
      const known = first.get(process.id);
      if (known === undefined) first.set(process.id, process);
      else {
        const place = `${known.file}:${known.line}`;
        const message = `"${process.name}" has the same id "${process.id}" as "${known.name}" (${place}): rename one, or put it in another section`;
        this.error(process.file, process.line, message);
      }
    }
  }

  private checkSomethingIsThere(): void {
    const hint = 'a process is a heading with a line "owner: ada" under it, or one that the list at the top links to';
    if (!this.processes.some((process) => process.documented)) {
      if (this.errors.length > 0) return;
      const file = this.outlines.length === 1 ? (this.outlines[0]?.path ?? '.') : '.';
      const where = this.outlines.length === 1 ? 'this file' : `any of the ${this.outlines.length} Markdown files`;
      this.error(file, 1, `there is no process in ${where}: ${hint}`);
      return;
    }
    const used = new Set(this.processes.map((process) => process.file));
    for (const { path } of this.outlines) {
      if (!used.has(path)) this.warn(path, 1, `skipped, there is no process in this file: ${hint}`);
    }
  }
}

function isHandle(person: ParsedPerson): boolean {
  return person.name.toLowerCase() === person.handle;
}

/** Percent-encoded for a url; half a surrogate pair, which has no encoding, becomes the replacement character. */
function urlPath(text: string): string {
  return encodeURI(text.replace(/\p{Surrogate}/gu, '\uFFFD'))
    .replaceAll('#', '%23')
    .replaceAll('?', '%3F');
}

function byPlace(a: { file: string; line: number }, b: { file: string; line: number }): number {
  return compare(a.file, b.file) || a.line - b.line;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
