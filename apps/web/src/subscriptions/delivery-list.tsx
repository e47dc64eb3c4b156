import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { type Schema } from '../api/client';
import { Paged } from '../shell/paged';
import { When } from '../shell/when';
import { useResendDelivery, useSubscriptionDeliveries } from './subscription-queries';

type Delivery = Schema<'SubscriptionDeliveryView'>;

const COLOURS: Readonly<Record<Delivery['state'], string>> = {
  waiting: 'yellow',
  sending: 'blue',
  sent: 'teal',
  failed: 'red',
};

/** What was or will be sent to one address, newest first. */
export function DeliveryList({ id }: { readonly id: string }) {
  return (
    <Paged pages={useSubscriptionDeliveries(id)} height={80}>
      {(deliveries) =>
        deliveries.length === 0 ? (
          <Text size="sm">Nothing yet: none of its events has happened since it subscribed.</Text>
        ) : (
          <Stack component="ul" gap={6} m={0} p={0} style={{ listStyle: 'none' }}>
            {deliveries.map((delivery) => (
              <Line key={delivery.id} subscription={id} delivery={delivery} />
            ))}
          </Stack>
        )
      }
    </Paged>
  );
}

function Line({ subscription, delivery }: { readonly subscription: string; readonly delivery: Delivery }) {
  const { id, subject, state, attempts, error, createdAt, nextAttemptAt } = delivery;
  const resending = useResendDelivery(subscription);
  return (
    <Group component="li" justify="space-between" gap="xs" wrap="wrap">
      <Text size="sm" component="div">
        <Badge size="sm" variant="light" color={COLOURS[state]} mr="xs">
          {state}
        </Badge>
        {subject} · <When at={createdAt} />
        {attempts > 1 && ` · ${attempts} attempts`}
        {error !== null && ` · ${error}`}
        {state === 'waiting' && attempts > 0 && nextAttemptAt !== null && (
          <>
            {' · again '}
            <When at={nextAttemptAt} />
          </>
        )}
      </Text>
      {state !== 'sending' && (
        <Button
          variant="subtle"
          size="compact-xs"
          aria-label={`Send ${subject} again`}
          loading={resending.isPending}
          onClick={() => resending.mutate(id)}
        >
          Send again
        </Button>
      )}
    </Group>
  );
}
