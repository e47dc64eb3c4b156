import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { usePeople } from '../people/people-queries';
import { useGiveTask, type Task } from './task-queries';

/** Whose it is: they hear when it is down, and are asked whether it is described as it is. */
export function GiveTask({ task }: { readonly task: Task }) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={open}>
        {task.owner === null ? 'Give it an owner' : 'Another owner'}
      </Button>
      <Modal opened={opened} onClose={close} title={`Who owns ${task.name}`}>
        <Form task={task} close={close} />
      </Modal>
    </>
  );
}

function Form({ task, close }: { readonly task: Task; readonly close: () => void }) {
  const people = usePeople();
  const [owner, setOwner] = useState(task.owner);
  const giving = useGiveTask(task.id);
  const active = people.data?.filter((person) => person.active) ?? [];
  return (
    <Stack>
      <Select
        label="Owner"
        description="Hears first when it is down, and is asked about it like about any process."
        data={active.map(({ handle, name }) => ({ value: handle, label: name }))}
        value={owner}
        searchable
        clearable={task.service !== 'outside'}
        onChange={setOwner}
      />
      {giving.error !== null && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {giving.error.message}
        </Text>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button loading={giving.isPending} onClick={() => giving.mutate(owner, { onSuccess: close })}>
          Save
        </Button>
      </Group>
    </Stack>
  );
}
