import { Button, Stack } from '@mantine/core';
import { type ReactNode } from 'react';
import { type usePages } from '../api/pages';
import { Fetched } from './fetched';

interface Props<Item> {
  readonly pages: ReturnType<typeof usePages<Item>>;
  readonly height?: number;
  readonly children: (items: readonly Item[]) => ReactNode;
}

/** A list with "More" below it, as long as there is more. */
export function Paged<Item>({ pages, height = 200, children }: Props<Item>) {
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  return (
    <Fetched query={pages} height={height}>
      {(items) => (
        <Stack gap="sm">
          {children(items)}
          {hasNextPage && (
            <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              More
            </Button>
          )}
        </Stack>
      )}
    </Fetched>
  );
}
