import { answerOf, api, type Schema } from '../api/client';
import { usePages } from '../api/pages';
import { type LetterFilters } from './letter-filters';

export type Letter = Schema<'DeadLetterView'>;

const PAGE = 50;

/** What could not be handled: open ones first, newest first. */
export function useLetters(filters: LetterFilters) {
  return usePages(['letters', 'list', filters], (begin) =>
    answerOf(api.GET('/api/dead-letters', { params: { query: { ...filters, limit: PAGE, ...begin } } })),
  );
}
