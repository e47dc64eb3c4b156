import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schema } from '../api/client';
import { usePages } from '../api/pages';
import { alertQueryOf, type AlertFilters } from './alert-filters';

export type Alert = Schema<'AlertView'>;

const PAGE = 50;

/** A page at a time: of the open ones the critical ones first. */
export function useAlerts(filters: AlertFilters) {
  return usePages(['alerts', 'list', filters], (begin) =>
    answerOf(api.GET('/api/alerts', { params: { query: { ...alertQueryOf(filters), limit: PAGE, ...begin } } })),
  );
}

/** The alert that holds another one back. */
export function useHolder(id: string | null) {
  return useQuery({
    queryKey: ['alerts', 'one', id],
    queryFn: () => answerOf(api.GET('/api/alerts/{id}', { params: { path: { id: id! } } })),
    enabled: id !== null,
  });
}
