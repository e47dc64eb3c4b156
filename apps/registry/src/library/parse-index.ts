import { posix } from 'node:path';
import { isOwned } from './parse-fields';
import type { ListItem } from './parse-list';
import type { Heading, Outline, TopList } from './parse-outline';
import { decodePercent } from './parse-percent';
import { slug } from './parse-slug';

/** Where the link of a list item leads: to a heading here, to nothing although it should, or somewhere else. */
export type Target =
  | { readonly kind: 'heading'; readonly heading: Heading }
  | { readonly kind: 'missing'; readonly link: string }
  | { readonly kind: 'none' };

/** The list at the top of a file, the one that names its processes. */
export interface Index {
  readonly outline: Outline;
  readonly list: TopList;
  /** The headings the list itself stands under: names of the library, not of a section or process in it. */
  readonly holders: ReadonlySet<Heading>;
}

/** All headings of a library, found by anchor and by what they are called ("Align and execute", "align & execute"). */
export class HeadingDirectory {
  private readonly outlines: ReadonlyMap<string, Outline>;
  private readonly byAnchor = new Map<string, Heading>();
  private readonly byName = new Map<string, Heading[]>();
  private readonly ownedByName = new Map<string, Heading[]>();

  constructor(outlines: readonly Outline[]) {
    this.outlines = new Map(outlines.map((outline) => [outline.path, outline]));
    for (const heading of outlines.flatMap((outline) => outline.headings)) {
      const name = slug(heading.text);
      this.byAnchor.set(`${heading.path}#${heading.anchor.toLowerCase()}`, heading);
      append(this.byName, `${heading.path}#${name}`, heading);
      if (isOwned(heading)) append(this.ownedByName, name, heading);
    }
  }

  /** What the first link of an item that leads into the library points at, seen from this file. */
  follow(path: string, item: ListItem): Target {
    for (const link of item.links) {
      const target = this.followLink(path, decodePercent(link));
      if (target.kind !== 'none') return target;
    }
    return { kind: 'none' };
  }

  /** The headings a text may mean: any of this file, and processes of the other files. */
  named(path: string, text: string): readonly Heading[] {
    const name = slug(text);
    const elsewhere = this.ownedByName.get(name)?.filter((heading) => heading.path !== path) ?? [];
    return [...(this.byName.get(`${path}#${name}`) ?? []), ...elsewhere];
  }

  private followLink(from: string, link: string): Target {
    if (/^(?:[a-z][a-z0-9+.-]*:|\/)/i.test(link)) return { kind: 'none' };
    const [file = '', anchor = ''] = link.split('#', 2);
    const path = file === '' ? from : posix.join(posix.dirname(from), file);
    const outline = this.outlines.get(path);
    if (outline === undefined) return { kind: 'none' };
    if (anchor === '') return file === '' ? { kind: 'none' } : firstOf(outline);
    const heading = this.byAnchor.get(`${path}#${anchor.toLowerCase()}`);
    if (heading !== undefined) return { kind: 'heading', heading };
    return outline.anchors.has(anchor.toLowerCase()) ? { kind: 'none' } : { kind: 'missing', link };
  }
}

/** A link to a file as a whole means its first process, or its title. */
function firstOf(outline: Outline): Target {
  const heading = outline.headings.find(isOwned) ?? outline.headings[0];
  return heading === undefined ? { kind: 'none' } : { kind: 'heading', heading };
}

/**
 * Which list of a file is the one at the top. Introductions have lists too, so it is the one that names most processes,
 * else the one that names most headings, the first of equals; in a file with processes of its own that no list names,
 * the first list with a list in it.
 */
export function findIndex(outline: Outline, directory: HeadingDirectory, isWholeLibrary: boolean): Index | null {
  let best: TopList | null = null;
  let most = 0;
  for (const list of outline.lists) {
    const score = scoreOf(list, outline, directory);
    if (score > most) [best, most] = [list, score];
  }
  if (best === null && isWholeLibrary && outline.headings.some(isOwned)) {
    best = outline.lists.find((list) => list.items.some((item) => item.children.length > 0)) ?? null;
  }
  return best === null ? null : { outline, list: best, holders: holdersOf(best, outline) };
}

function scoreOf(list: TopList, outline: Outline, directory: HeadingDirectory): number {
  let processes = 0;
  let headings = 0;
  for (const item of leaves(list.items)) {
    const target = directory.follow(outline.path, item);
    const found = target.kind === 'heading' ? [target.heading] : directory.named(outline.path, item.text);
    if (found.some(isOwned)) processes++;
    else if (found.length > 0) headings++;
  }
  return processes * 1_000_000 + headings;
}

function holdersOf(list: TopList, outline: Outline): ReadonlySet<Heading> {
  const holders = new Set<Heading>();
  let heading = outline.headings.findLast((candidate) => candidate.start < list.line) ?? null;
  for (; heading !== null; heading = heading.parent) holders.add(heading);
  return holders;
}

/** The items of a list at every depth, parents before their children. */
export function* everyItem(items: readonly ListItem[]): Generator<ListItem> {
  for (const item of items) {
    yield item;
    yield* everyItem(item.children);
  }
}

/** The items that can be processes: those with a text and no list inside. */
export function* leaves(items: readonly ListItem[]): Generator<ListItem> {
  for (const item of everyItem(items)) if (item.children.length === 0 && item.text !== '') yield item;
}

/** The text of the item above, or null. */
export function sectionAbove(item: ListItem): string | null {
  let above = item.parent;
  while (above !== null && above.text === '') above = above.parent;
  return above?.text ?? null;
}

function append(map: Map<string, Heading[]>, key: string, heading: Heading): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [heading]);
  else known.push(heading);
}
