import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schema } from '../api/client';
import { usePages } from '../api/pages';
import { type RunFilters } from './run-filters';

export type Run = Schema<'RunView'>;
export type RunStep = Schema<'RunStepView'>;

const PAGE = 50;
/** Runs go on by themselves, of which no event tells the browser: that would be one for each event. */
const EVERY_MS = 10_000;

/** The newest runs, as they are for as long as they are shown. */
export function useRuns(filters: RunFilters) {
  return usePages(
    ['runs', 'list', filters],
    (begin) => answerOf(api.GET('/api/runs', { params: { query: { ...filters, limit: PAGE, ...begin } } })),
    EVERY_MS,
  );
}

export function useRun(id: string) {
  return useQuery({
    queryKey: ['runs', 'one', id],
    queryFn: () => answerOf(api.GET('/api/runs/{id}', { params: { path: { id } } })),
    refetchInterval: EVERY_MS,
  });
}

/** What every handler and every hook did last. */
export function useLastSteps() {
  return useQuery({
    queryKey: ['runs', 'last'],
    queryFn: () => answerOf(api.GET('/api/runs/last')),
    refetchInterval: EVERY_MS,
  });
}
