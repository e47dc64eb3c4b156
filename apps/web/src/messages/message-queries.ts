import { answerOf, api, type Schema } from '../api/client';
import { usePages } from '../api/pages';
import { type MessageFilters } from './message-filters';

export type Message = Schema<'MessageView'>;

const PAGE = 50;
/** No event tells when a message that waits is sent at last. */
const UNSETTLED_MS = 30_000;
const UNSETTLED: readonly string[] = ['waiting', 'sending'] satisfies readonly Message['state'][];

/** What was or will be sent, newest first, as it is now for as long as it is shown. */
export function useMessages(filters: MessageFilters) {
  return usePages(
    ['messages', 'list', filters],
    (begin) => answerOf(api.GET('/api/messages', { params: { query: { ...filters, limit: PAGE, ...begin } } })),
    (messages) => messages.some(({ state }) => UNSETTLED.includes(state)) && UNSETTLED_MS,
  );
}
