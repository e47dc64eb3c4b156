import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { answerOf, api } from '../api/client';
import { Fetched } from '../shell/fetched';
import { type ProcessDetail } from './process-queries';

const RecordChanges = lazy(() => import('../records/record-changes'));

/** The record as it was certified, beside what it is now. */
export function ChangesSinceCertification({ process }: { readonly process: ProcessDetail }) {
  const hash = process.certification?.recordHash ?? null;
  const certified = useQuery({
    queryKey: ['process', process.id, 'revision', hash],
    queryFn: () =>
      answerOf(api.GET('/api/processes/{id}/revisions/{hash}', { params: { path: { id: process.id, hash: hash! } } })),
    enabled: hash !== null,
    // A revision never changes.
    staleTime: Infinity,
  });
  if (hash === null) return <Text>It was never certified: there is nothing to compare with.</Text>;
  return (
    <Fetched query={certified}>
      {({ record }) => (
        <Suspense fallback={<Skeleton h={200} aria-label="Loading" />}>
          <RecordChanges before={record} after={process.record ?? ''} />
        </Suspense>
      )}
    </Fetched>
  );
}
