import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Refetches } from './refetches';

/** By the first word of a subject, the first words of the queries that it makes out of date. */
const TOUCHED: Readonly<Record<string, readonly string[]>> = {
  process: ['processes', 'process', 'inbox', 'rounds', 'people', 'messages'],
  review: ['processes', 'process', 'inbox', 'rounds', 'messages'],
  owner: ['processes', 'process', 'inbox', 'rounds', 'messages'],
  person: ['people', 'session', 'messages'],
  product: ['products', 'processes'],
  kpi: ['kpis', 'messages'],
  alert: ['alerts', 'messages'],
  task: ['tasks', 'processes', 'messages'],
  letter: ['letters', 'messages'],
  release: ['releases', 'messages'],
  subscription: ['subscriptions', 'messages'],
};

/** How far an import of this browser is, or of another one. Of a step that has no number, `of` is 0. */
export interface ImportProgress {
  readonly watch: string;
  readonly step: 'reading' | 'waiting' | 'comparing' | 'writing';
  readonly done: number;
  readonly of: number;
}

const progressKey = (watch: string): readonly string[] => ['import-progress', watch];

/** What was last heard of an import; null before anything was, and where the connection for it is broken. */
export function useImportProgress(watch: string): ImportProgress | null {
  const { data } = useQuery<ImportProgress>({ queryKey: progressKey(watch), queryFn: skipToken });
  return data ?? null;
}

/** Fetches again what others have changed, as long as the page is open. */
export function useLiveChanges(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const source = new EventSource('/api/live');
    const refetches = new Refetches((name) => void queries.invalidateQueries({ queryKey: [name] }));
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const { subject } = JSON.parse(data) as { subject: string };
      refetches.touch(TOUCHED[subject.split('.')[0] ?? ''] ?? []);
    };
    source.addEventListener('import', ({ data }: MessageEvent<string>) => {
      const progress = JSON.parse(data) as ImportProgress;
      queries.setQueryData(progressKey(progress.watch), progress);
    });
    // The connection was lost for a while: anything may have happened.
    source.addEventListener('resync', () => void queries.invalidateQueries());
    return () => {
      source.close();
      refetches.stop();
    };
  }, [queries]);
}
