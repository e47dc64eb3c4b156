import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schema } from '../api/client';
import { usePages } from '../api/pages';
import { type Filters } from './filters';

export type Process = Schema<'ProcessView'>;
export type ProcessDetail = Schema<'ProcessDetail'>;

const PAGE = 100;

/** The list, a page at a time. */
export function useProcesses(filters: Filters) {
  return usePages(['processes', 'list', filters], (begin) =>
    answerOf(api.GET('/api/processes', { params: { query: { ...filters, limit: PAGE, ...begin } } })),
  );
}

export function useSummary() {
  return useQuery({ queryKey: ['processes', 'summary'], queryFn: () => answerOf(api.GET('/api/processes/summary')) });
}

export function useProcess(id: string) {
  return useQuery({
    queryKey: ['process', id],
    queryFn: () => answerOf(api.GET('/api/processes/{id}', { params: { path: { id } } })),
  });
}
