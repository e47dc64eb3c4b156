import { isOwned } from './parse-fields';
import { everyItem, sectionAbove, type HeadingDirectory, type Index } from './parse-index';
import type { Finding } from './parsed-library';
import type { ListItem } from './parse-list';
import type { Heading, Outline } from './parse-outline';
import { slug } from './parse-slug';

/** Which list item names which heading. */
export interface Claims {
  readonly itemOf: ReadonlyMap<Heading, ListItem>;
  /** Items without a heading: processes that nobody has written down. */
  readonly gaps: readonly { readonly outline: Outline; readonly item: ListItem }[];
  readonly warnings: readonly Finding[];
}

/** Gives each item of the lists at the top its heading: links first, then equal names, each heading to one item. */
export function claimHeadings(indexes: readonly Index[], directory: HeadingDirectory): Claims {
  const claimant = new Claimant(directory);
  for (const index of indexes) claimant.claimByLink(index);
  for (const index of indexes) claimant.claimByName(index);
  return claimant;
}

class Claimant implements Claims {
  readonly itemOf = new Map<Heading, ListItem>();
  readonly gaps: { outline: Outline; item: ListItem }[] = [];
  readonly warnings: Finding[] = [];
  private readonly settled = new Set<ListItem>();

  constructor(private readonly directory: HeadingDirectory) {}

  claimByLink({ outline, list, holders }: Index): void {
    for (const item of everyItem(list.items)) {
      const target = this.directory.follow(outline.path, item);
      if (target.kind === 'missing') {
        this.warn(outline, item, `"${item.text}" links to ${target.link}, and no heading has that anchor`);
      }
      if (target.kind !== 'heading') continue;
      this.settled.add(item);
      const isProcess = item.children.length === 0 || isOwned(target.heading);
      if (!isProcess || holders.has(target.heading)) continue;
      if (this.itemOf.has(target.heading)) {
        this.warn(
          outline,
          item,
          `"${item.text}" links to a heading that the list names already: the first place counts`,
        );
      } else this.itemOf.set(target.heading, item);
    }
  }

  claimByName({ outline, list, holders }: Index): void {
    for (const item of everyItem(list.items)) {
      if (item.text === '' || this.settled.has(item)) continue;
      const isLeaf = item.children.length === 0;
      const named = this.directory.named(outline.path, item.text).filter((heading) => isLeaf || isOwned(heading));
      const free = named.filter((heading) => !this.itemOf.has(heading) && !holders.has(heading));
      const heading = bestMatch(free, sectionAbove(item));
      if (heading !== undefined) this.itemOf.set(heading, item);
      else if (isLeaf && !named.some((candidate) => holders.has(candidate))) this.gaps.push({ outline, item });
    }
  }

  private warn(outline: Outline, item: ListItem, message: string): void {
    this.warnings.push({ file: outline.path, line: item.line + 1, message });
  }
}

/** Of several headings with the name of an item, the one below its section, else one with an owner, else the first. */
function bestMatch(headings: readonly Heading[], section: string | null): Heading | undefined {
  if (headings.length < 2) return headings[0];
  const wanted = section === null ? null : slug(section);
  return headings.find((heading) => isBelow(heading, wanted)) ?? headings.find(isOwned) ?? headings[0];
}

function isBelow(heading: Heading, section: string | null): boolean {
  for (let above = heading.parent; above !== null; above = above.parent) if (slug(above.text) === section) return true;
  return false;
}

/**
 * The headings of a file that are processes: those with an owner line, and those that an item without a list inside
 * names, unless there are processes below them (then they are sections). In the order of the file.
 */
export function findRecords(outline: Outline, { itemOf }: Claims): Heading[] {
  const records: Heading[] = [];
  let next = Infinity;
  for (const heading of outline.headings.toReversed()) {
    if (!isOwned(heading) && (!itemOf.has(heading) || next < heading.end)) continue;
    records.push(heading);
    next = heading.start;
  }
  return records.reverse();
}
