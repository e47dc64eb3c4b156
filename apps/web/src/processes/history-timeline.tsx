import { Button, Skeleton, Stack, Text, Timeline } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { answerOf, api, type Schema } from '../api/client';
import { Failure } from '../shell/failure';
import { moment } from '../shell/moment';

/** Every change of every field: what it was, what it became, by whom and why. */
export function HistoryTimeline({ id }: { readonly id: string }) {
  const { data, error, isPending, isError, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery(
    {
      queryKey: ['process', id, 'history'],
      queryFn: ({ pageParam }) =>
        answerOf(
          api.GET('/api/processes/{id}/history', {
            params: { path: { id }, query: { limit: 200, ...(pageParam === null ? {} : { cursor: pageParam }) } },
          }),
        ),
      initialPageParam: null as string | null,
      getNextPageParam: ({ next }) => next,
    },
  );
  if (isPending) return <Skeleton h={200} aria-label="Loading" />;
  if (isError) return <Failure error={error} again={refetch} />;
  const rows = data.pages.flatMap(({ items }) => items);
  return (
    <Stack>
      <Timeline bulletSize={14} lineWidth={2}>
        {rows.map((row, index) => (
          <Timeline.Item key={index} title={titleOf(row)}>
            <Change row={row} />
            <Text size="xs" c="dimmed">
              {moment(row.at)} by {row.by} · {row.cause} · {row.source}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          More
        </Button>
      )}
    </Stack>
  );
}

function titleOf({ field }: Schema<'HistoryView'>): string {
  return field.replace(/([A-Z])/g, ' $1').toLowerCase();
}

function Change({ row: { old, new: now } }: { readonly row: Schema<'HistoryView'> }) {
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {old !== null && <del>{old}</del>} {old !== null && now !== null && '→ '}
      {now !== null && <ins style={{ textDecoration: 'none', fontWeight: 600 }}>{now}</ins>}
      {now === null && old !== null && ' (taken away)'}
    </Text>
  );
}
