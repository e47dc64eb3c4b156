import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { answerOf, api, type Schema } from '../api/client';
import { type MessageFilters } from './message-filters';

export type Message = Schema<'MessageView'>;

const PAGE = 50;
/** Messages change by themselves while they wait and are sent, of which no event tells. */
const EVERY_MS = 10_000;

/** What was or will be sent, newest first, as it is now for as long as it is shown. */
export function useMessages(filters: MessageFilters) {
  return useInfiniteQuery({
    queryKey: ['messages', 'list', filters],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/api/messages', {
          params: { query: { ...filters, limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });
}
