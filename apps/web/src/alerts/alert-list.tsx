import { Stack, Text } from '@mantine/core';
import { Paged } from '../shell/paged';
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
  return (
    <Paged pages={useAlerts(filters)}>
      {(alerts) =>
        alerts.length === 0 ? (
          <Text>{none}</Text>
        ) : (
          <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
            {alerts.map((alert) => (
              <AlertCard key={alert.id} alert={alert} />
            ))}
          </Stack>
        )
      }
    </Paged>
  );
}
