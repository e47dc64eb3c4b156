import { useCallback } from 'react';
import { Fetched } from '../shell/fetched';
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
  const pages = useProcesses(filters);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const loadMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [isFetchingNextPage, fetchNextPage]);
  return (
    <Fetched query={pages} height={400}>
      {(processes) =>
        processes.length === 0 ? (
          <NoProcesses isFiltered={Object.keys(filters).length > 0} />
        ) : (
          <ProcessList processes={processes} hasMore={hasNextPage} loadMore={loadMore} />
        )
      }
    </Fetched>
  );
}
