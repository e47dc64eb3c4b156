import { Badge, Button, Code, Group, Modal, Paper, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { When } from '../shell/when';
import { DeliveryList } from './delivery-list';
import { ShownSecret } from './subscribe';
import {
  useEndSubscription,
  useRotateSecret,
  useSwitchSubscription,
  useTestSubscription,
  type Subscription,
} from './subscription-queries';

const STATES: Readonly<Record<Subscription['state'], { readonly color: string; readonly text: string }>> = {
  active: { color: 'teal', text: 'active' },
  disabled: { color: 'red', text: 'disabled: it took nothing for days' },
  off: { color: 'gray', text: 'off' },
};

/** One address, what it is sent, and how it does. */
export function SubscriptionCard({ subscription }: { readonly subscription: Subscription }) {
  const { name, url, subjects, state } = subscription;
  const { color, text } = STATES[state];
  const [opened, { toggle }] = useDisclosure();
  return (
    <Paper component="li" withBorder p="md" radius="md">
      <Stack gap="xs" style={{ overflowWrap: 'anywhere' }}>
        <Group gap="xs">
          <Text fw={600}>{name}</Text>
          <Badge variant="light" color={color}>
            {text}
          </Badge>
        </Group>
        <Code>{url}</Code>
        <Text size="sm">{subjects.join(', ')}</Text>
        <HowItDoes subscription={subscription} />
        <Group gap="xs">
          <Actions subscription={subscription} />
          <Button variant="subtle" size="compact-sm" aria-expanded={opened} onClick={toggle}>
            What was sent
          </Button>
        </Group>
        {opened && <DeliveryList id={subscription.id} />}
      </Stack>
    </Paper>
  );
}

function HowItDoes({ subscription }: { readonly subscription: Subscription }) {
  const { lastSuccessAt, lastError, waiting, dropped } = subscription;
  return (
    <>
      <Text size="sm" c="dimmed" component="div">
        last taken <When at={lastSuccessAt} never="never" c="dimmed" /> · {waiting} waiting
        {dropped > 0 && ` · ${dropped} given up because too many waited`}
      </Text>
      {lastError !== null && (
        <Text size="sm" component="div">
          <When at={lastError.at} />: {lastError.error}
        </Text>
      )}
    </>
  );
}

function Actions({ subscription }: { readonly subscription: Subscription }) {
  const { id, state } = subscription;
  const testing = useTestSubscription(id);
  const switching = useSwitchSubscription(id);
  const isActive = state === 'active';
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        disabled={!isActive}
        loading={testing.isPending}
        onClick={() => testing.mutate(undefined)}
      >
        Send a test
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        loading={switching.isPending}
        onClick={() => switching.mutate(!isActive)}
      >
        {isActive ? 'Switch off' : 'Switch on'}
      </Button>
      <RotateSecret id={id} />
      <End subscription={subscription} />
    </>
  );
}

function RotateSecret({ id }: { readonly id: string }) {
  const rotating = useRotateSecret(id);
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        loading={rotating.isPending}
        onClick={() => rotating.mutate(undefined)}
      >
        Another secret
      </Button>
      <Modal
        opened={rotating.data !== undefined}
        onClose={rotating.reset}
        title="The new secret; the old one signs besides for a day"
        closeOnClickOutside={false}
      >
        {rotating.data !== undefined && <ShownSecret secret={rotating.data.secret} close={rotating.reset} />}
      </Modal>
    </>
  );
}

function End({ subscription }: { readonly subscription: Subscription }) {
  const [opened, { open, close }] = useDisclosure();
  const ending = useEndSubscription(subscription);
  return (
    <>
      <Button variant="subtle" color="red" size="compact-sm" onClick={open}>
        End
      </Button>
      <Modal opened={opened} onClose={close} title={`End ${subscription.name}`}>
        <Stack>
          <Text>Nothing is sent to {subscription.url} any more, also not what waits now.</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button
              color="red"
              loading={ending.isPending}
              onClick={() => ending.mutate(undefined, { onSuccess: close })}
            >
              End it
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
