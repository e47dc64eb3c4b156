import { keepPreviousData, useInfiniteQuery, type QueryKey } from '@tanstack/react-query';

/** A page of a list, as every list of the API answers. */
export interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** Where a page begins: nothing of it in the query is the first one. */
export interface From {
  readonly cursor?: string;
}

const from = (cursor: string | null): From => (cursor === null ? {} : { cursor });

/**
 * A list, a page at a time: its data are the items of all pages so far.
 * @param everyMs how often it is fetched again while it is shown, where nobody tells of changes; false for never
 */
export function usePages<Item>(
  queryKey: QueryKey,
  fetchPage: (begin: From) => Promise<PageOf<Item>>,
  everyMs: number | false | ((items: readonly Item[]) => number | false) = false,
) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => fetchPage(from(pageParam)),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    // What is typed narrows the list that is there, it does not blank it.
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) =>
      typeof everyMs === 'function' ? everyMs(data?.pages.flatMap(({ items }) => items) ?? []) : everyMs,
  });
}

/** All pages of a list at once, for lists of which no one is long. */
export async function allPages<Item>(fetchPage: (begin: From) => Promise<PageOf<Item>>): Promise<Item[]> {
  const all: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: PageOf<Item> = await fetchPage(from(cursor));
    all.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return all;
}
