import { answerOf, api, type Schema } from '../api/client';
import { usePages } from '../api/pages';
import { type MessageFilters } from './message-filters';

export type Message = Schema<'MessageView'>;

const PAGE = 50;
/** Messages change by themselves while they wait and are sent, of which no event tells. */
const EVERY_MS = 10_000;

/** What was or will be sent, newest first, as it is now for as long as it is shown. */
export function useMessages(filters: MessageFilters) {
  return usePages(
    ['messages', 'list', filters],
    (begin) => answerOf(api.GET('/api/messages', { params: { query: { ...filters, limit: PAGE, ...begin } } })),
    EVERY_MS,
  );
}
