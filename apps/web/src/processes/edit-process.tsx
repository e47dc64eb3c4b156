import { Button, Group, Modal, Select, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { answerOf, api, ProblemError } from '../api/client';
import { useChange } from '../api/use-change';
import { usePeople } from '../people/people-queries';
import { PERIODS, periodText } from './period';
import { type ProcessDetail } from './process-queries';

type Patch = Partial<Pick<ProcessDetail, 'owner' | 'deputy' | 'triggerPeriod'>>;

/** Another owner, deputy or period. What the library says counts again when it says something new. */
export function EditProcess({ process }: { readonly process: ProcessDetail }) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={open}>
        Edit
      </Button>
      <Modal opened={opened} onClose={close} title={`Edit “${process.name}”`}>
        <Form process={process} close={close} />
      </Modal>
    </>
  );
}

function Form({ process, close }: { readonly process: ProcessDetail; readonly close: () => void }) {
  const [patch, setPatch] = useState<Patch>({});
  const people = usePeople();
  const editing = useChange({
    change: () => answerOf(api.PATCH('/api/processes/{id}', { params: { path: { id: process.id } }, body: patch })),
    done: () => 'It is changed, and stands in the history.',
    touches: ['process', 'processes', 'people'],
    showsProblems: true,
  });
  const fields = editing.error instanceof ProblemError ? editing.error.fields : {};
  const handles = people.data
    ?.filter(({ active }) => active)
    .map(({ handle, name }) => ({ value: handle, label: `${handle} (${name})` }));
  const now = { ...process, ...patch };
  return (
    <Stack>
      <Select
        label="Owner"
        data={handles ?? []}
        value={now.owner}
        clearable
        searchable
        error={fields['owner']}
        onChange={(owner) => setPatch({ ...patch, owner })}
      />
      <Select
        label="Deputy"
        data={handles ?? []}
        value={now.deputy}
        clearable
        searchable
        error={fields['deputy']}
        onChange={(deputy) => setPatch({ ...patch, deputy })}
      />
      <Select
        label="Asked"
        data={periodsWith(now.triggerPeriod)}
        value={now.triggerPeriod}
        allowDeselect={false}
        error={
          fields['triggerPeriod'] ??
          (editing.error && Object.keys(fields).length === 0 ? editing.error.message : undefined)
        }
        onChange={(triggerPeriod) => setPatch({ ...patch, ...(triggerPeriod === null ? {} : { triggerPeriod }) })}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button
          disabled={Object.keys(patch).length === 0}
          loading={editing.isPending}
          onClick={() => editing.mutate(undefined, { onSuccess: close })}
        >
          Save
        </Button>
      </Group>
    </Stack>
  );
}

/** One that stands in the library only is offered, too. */
function periodsWith(period: string): typeof PERIODS {
  const isOffered = PERIODS.some(({ value }) => value === period);
  return isOffered ? PERIODS : [...PERIODS, { value: period, label: periodText(period) }];
}
