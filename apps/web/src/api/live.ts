import { useQueryClient } from '@tanstack/react-query';
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
    // The connection was lost for a while: anything may have happened.
    source.addEventListener('resync', () => void queries.invalidateQueries());
    return () => {
      source.close();
      refetches.stop();
    };
  }, [queries]);
}
