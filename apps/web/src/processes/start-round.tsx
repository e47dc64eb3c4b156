import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { answerOf, api } from '../api/client';
import { useChange } from '../api/use-change';
import { type Filters } from './filters';

/** Asks everybody about everything that is listed, or about everything there is. */
export function StartRound({ filters: { section, owner } }: { readonly filters: Filters }) {
  const [opened, { open, close }] = useDisclosure();
  const body = { ...(section === undefined ? {} : { section }), ...(owner === undefined ? {} : { owner }) };
  const whose = [owner && `owned by ${owner}`, section && `in "${section}"`].filter(Boolean).join(' ');
  const round = useChange({
    change: () => answerOf(api.POST('/api/processes/ask', { body })),
    done: (answer) => `${String((answer as { asked?: number }).asked ?? 0)} processes are asked about.`,
    touches: ['processes', 'inbox', 'rounds'],
  });
  return (
    <>
      <Button variant="default" onClick={open}>
        Start a round
      </Button>
      <Modal opened={opened} onClose={close} title="Start a recertification round">
        <Stack>
          <Text size="sm">
            Every process with a record {whose} is asked about now, also those that are certified. Each owner gets one
            message with all their questions, in working hours.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Not now
            </Button>
            <Button loading={round.isPending} onClick={() => round.mutate(undefined, { onSuccess: close })}>
              Ask
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
