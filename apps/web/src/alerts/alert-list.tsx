import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { Failure } from '../shell/failure';
import { AlertCard } from './alert-card';
import { type AlertFilters } from './alert-filters';
import { useAlerts } from './alert-queries';

interface Props {
  readonly filters: AlertFilters;
  /** What is said where there are none. */
  readonly none: string;
}

/** Alerts that are like this, a page at a time. */
export function AlertList({ filters, none }: Props) {
  const { data, error, isPending, isError, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } =
    useAlerts(filters);
  if (isPending) return <Skeleton h={200} aria-label="Loading" />;
  if (isError) return <Failure error={error} again={refetch} />;
  const alerts = data.pages.flatMap(({ items }) => items);
  if (alerts.length === 0) return <Text>{none}</Text>;
  return (
    <Stack gap="sm">
      <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
        {alerts.map((alert) => (
          <AlertCard key={alert.id} alert={alert} />
        ))}
      </Stack>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          More
        </Button>
      )}
    </Stack>
  );
}
