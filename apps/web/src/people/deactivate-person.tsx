import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api, ProblemError } from '../api/client';
import { useChange } from '../api/use-change';
import { usePeople, type Person } from './people-queries';

const TOUCHES = ['people', 'processes', 'process', 'products', 'inbox', 'rounds', 'sessions', 'session'];

interface Props {
  readonly person: Person;
  readonly close: () => void;
}

/** Switches somebody off who left; what they own goes to an heir. */
export function DeactivatePerson({ person, close }: Props) {
  const [heir, setHeir] = useState<string | null>(null);
  const people = usePeople();
  const leaving = useChange({
    change: () =>
      answerOf(
        api.PATCH('/api/people/{handle}', {
          params: { path: { handle: person.handle }, query: heir === null ? {} : { heir } },
          body: { active: false },
        }),
      ),
    done: () => `${person.name} is deactivated${heir === null ? '' : `, and ${heir} owns what was theirs`}.`,
    touches: TOUCHES,
    showsProblems: true,
  });
  const fields = leaving.error instanceof ProblemError ? leaving.error.fields : {};
  const heirs = people.data
    ?.filter(({ active, handle }) => active && handle !== person.handle)
    .map(({ handle, name }) => ({ value: handle, label: `${handle} (${name})` }));
  return (
    <Stack>
      <Text size="sm">
        {person.name} is logged out everywhere and asked nothing any more. What they did stays in the history, and they
        can be activated again.
      </Text>
      <Select
        label="Who takes over"
        description={`${ownsText(person)} Products are handed over, too.`}
        placeholder={person.owns > 0 ? 'Choose an heir' : 'Nobody'}
        data={heirs ?? []}
        value={heir}
        searchable
        clearable
        required={person.owns > 0}
        error={fields['heir'] ?? leaving.error?.message}
        onChange={setHeir}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button color="red" loading={leaving.isPending} onClick={() => leaving.mutate(undefined, { onSuccess: close })}>
          Deactivate
        </Button>
      </Group>
    </Stack>
  );
}

function ownsText({ name, owns }: Person): string {
  return owns === 0 ? `${name} owns no process.` : `${name} owns ${owns} ${owns === 1 ? 'process' : 'processes'}.`;
}

/** Lets somebody who was deactivated be asked again; what they owned stays with whoever took it over. */
export function useActivate() {
  return useChange({
    change: ({ handle }: Person) =>
      answerOf(api.PATCH('/api/people/{handle}', { params: { path: { handle } }, body: { active: true } })),
    done: ({ name }) => `${name} is active again.`,
    touches: TOUCHES,
  });
}
