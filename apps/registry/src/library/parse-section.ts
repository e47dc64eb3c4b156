import { posix } from 'node:path';
import { everyItem, sectionAbove, type Index } from './parse-index';
import type { ListItem } from './parse-list';
import type { Heading, Outline } from './parse-outline';
import { slug } from './parse-slug';

/** What tells the section of a process. */
export interface SectionSources {
  readonly outline: Outline;
  /** The heading that names the library as a whole. */
  readonly title: Heading | null;
  readonly index: Index | null;
  readonly records: ReadonlySet<Heading>;
  /** Sections as the lists at the top write them, by slug: one spelling for one section. */
  readonly spellings: ReadonlyMap<string, string>;
  /** Whether file and folder names say something about a process. */
  readonly layout: 'file' | 'folder';
}

/** The sections that the lists at the top name, by slug. */
export function spellSections(indexes: readonly Index[]): Map<string, string> {
  const spellings = new Map<string, string>();
  for (const { list } of indexes) {
    for (const { text, children } of everyItem(list.items)) {
      if (text !== '' && children.length > 0 && !spellings.has(slug(text))) spellings.set(slug(text), text);
    }
  }
  return spellings;
}

/** The section of a list item: the item above it; an item at the top with a list inside is its own. */
export function sectionOfItem(item: ListItem): string | null {
  return sectionAbove(item) ?? (item.children.length > 0 ? item.text : null);
}

/** The section of a record that no list names: the nearest heading above that is one, else where its file is. */
export function sectionOfRecord(record: Heading, sources: SectionSources): string | null {
  const { title } = sources;
  for (let above = record.parent; above !== null; above = above.parent) {
    if (above.text === '' || sources.records.has(above)) continue;
    const spelling = sources.spellings.get(slug(above.text));
    if (spelling !== undefined) return spelling;
    if (above !== title && !sources.index?.holders.has(above)) return above.text;
  }
  return sources.layout === 'folder' ? sectionOfPath(sources, record, title) : null;
}

/** The name of the file; that of its folder where the file is an index, or is the process as a whole. */
function sectionOfPath({ outline, spellings }: SectionSources, record: Heading, title: Heading | null): string | null {
  const file = posix.basename(outline.path).replace(/\.[^.]*$/, '');
  const isInFolder = /^(?:readme|index)$/i.test(file) || record === title || slug(file) === slug(record.text);
  const section = isInFolder ? posix.basename(posix.dirname(outline.path)) : file;
  return section === '.' || section === '' ? null : (spellings.get(slug(section)) ?? section);
}

/** The only heading of the first level names the library, not a part of it. */
export function titleOf(outline: Outline): Heading | null {
  const first = outline.headings.filter((heading) => heading.level === 1);
  return first.length === 1 ? (first[0] ?? null) : null;
}
