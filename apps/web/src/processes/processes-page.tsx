import { Skeleton } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import { Failure } from '../shell/failure';
import { Page } from '../shell/page';
import { isAtLeast, useMe } from '../shell/session';
import { FirstSteps } from '../welcome/first-steps';
import { FilterBar } from './filter-bar';
import { useFilters } from './filters';
import { NoProcesses, ProcessList } from './process-list';
import { useProcesses } from './process-queries';
import { StartRound } from './start-round';
import { SummaryCards } from './summary-cards';

/** All processes of the library, and how they stand. */
export function Component() {
  const me = useMe();
  const [filters] = useFilters();
  return (
    <Page title="Processes" actions={isAtLeast(me, 'admin') && <StartRound filters={filters} />}>
      <FirstSteps />
      <SummaryCards />
      <FilterBar />
      <Found />
    </Page>
  );
}

function Found() {
  const [filters] = useFilters();
  const { data, error, isPending, isError, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useProcesses(filters);
  const processes = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  const loadMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [isFetchingNextPage, fetchNextPage]);
  if (isPending) return <Skeleton h={400} aria-label="Loading" />;
  if (isError) return <Failure error={error} again={refetch} />;
  if (processes.length === 0) return <NoProcesses isFiltered={Object.keys(filters).length > 0} />;
  return <ProcessList processes={processes} hasMore={hasNextPage} loadMore={loadMore} />;
}
