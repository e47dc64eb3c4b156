import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schema } from '../api/client';

export type Person = Schema<'PersonView'>;

const PAGE = 1000;

/** Everybody, by handle: all pages of the list. */
export function usePeople() {
  return useQuery({
    queryKey: ['people'],
    queryFn: async () => {
      const all: Person[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page = await answerOf(
          api.GET('/api/people', { params: { query: { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) } } }),
        );
        all.push(...page.items);
        cursor = page.next;
      }
      return all;
    },
  });
}
