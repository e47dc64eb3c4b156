import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schema } from '../api/client';
import { allPages } from '../api/pages';

export type Person = Schema<'PersonView'>;

const PAGE = 1000;

/** Everybody, by handle: all pages of the list. */
export function usePeople() {
  return useQuery({
    queryKey: ['people'],
    queryFn: () =>
      allPages((begin) => answerOf(api.GET('/api/people', { params: { query: { limit: PAGE, ...begin } } }))),
  });
}
