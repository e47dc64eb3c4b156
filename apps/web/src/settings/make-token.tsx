import { Button, Checkbox, Group, Modal, MultiSelect, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { answerOf, api, ProblemError } from '../api/client';
import { useChange } from '../api/use-change';
import { ALERT_SOURCES, isNameable, scopesOf, type Chosen } from './scopes';
import { ShownToken } from './shown-token';

/** Makes a token, which is shown once. */
export function useMakeToken() {
  return useChange({
    change: async (body: { readonly name: string; readonly scopes: string[] }) => ({
      ...(await answerOf(api.POST('/api/tokens', { body }))),
      ...body,
    }),
    done: null,
    touches: ['tokens'],
    showsProblems: true,
  });
}

export function MakeToken() {
  const [opened, { open, close }] = useDisclosure();
  const making = useMakeToken();
  const begin = (): void => {
    making.reset();
    open();
  };
  return (
    <>
      <Button onClick={begin}>Make a token</Button>
      <Modal
        opened={opened}
        onClose={close}
        title="Make a token"
        size="lg"
        // What is shown once is not lost by a press beside it.
        closeOnClickOutside={making.data === undefined}
      >
        {making.data === undefined ? (
          <Form making={making} close={close} />
        ) : (
          <ShownToken made={making.data} close={close} />
        )}
      </Modal>
    </>
  );
}

interface Props {
  readonly making: ReturnType<typeof useMakeToken>;
  readonly close: () => void;
}

const NOTHING: Chosen = { plain: [], products: [], sources: [], tasks: [] };

function Form({ making, close }: Props) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState(NOTHING);
  const scopes = scopesOf(chosen);
  const fields = making.error instanceof ProblemError ? making.error.fields : {};
  const wrongScope = Object.keys(fields).find((field) => field.startsWith('scopes'));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    making.mutate({ name, scopes });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="What sends it, so that somebody knows later what stops when it is revoked."
          placeholder="nightly backup"
          required
          data-autofocus
          value={name}
          error={fields['name']}
          onChange={({ currentTarget: { value } }) => setName(value)}
        />
        <Scopes chosen={chosen} change={(some) => setChosen({ ...chosen, ...some })} />
        {making.error !== null && fields['name'] === undefined && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {wrongScope === undefined ? making.error.message : fields[wrongScope]}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button
            type="submit"
            disabled={scopes.length === 0 || !chosen.tasks.every(isNameable)}
            loading={making.isPending}
          >
            Make it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ScopesProps {
  readonly chosen: Chosen;
  readonly change: (some: Partial<Chosen>) => void;
}

function Scopes({ chosen: { plain, products, sources, tasks }, change }: ScopesProps) {
  const known = useQuery({
    queryKey: ['products', 'ids'],
    queryFn: () => answerOf(api.GET('/api/products', { params: { query: { limit: 1000 } } })),
  });
  return (
    <>
      <Checkbox.Group
        label="What it opens"
        description="As little as does it."
        value={[...plain]}
        onChange={(value) => change({ plain: value })}
      >
        <Stack gap="xs" mt="xs">
          <Checkbox value="read" label="read" description="see everything, change nothing" />
          <Checkbox value="library:import" label="library:import" description="import the library, from a pipeline" />
          <Checkbox value="admin" label="admin" description="everything" />
        </Stack>
      </Checkbox.Group>
      <MultiSelect
        label="kpi: reports the KPIs of"
        placeholder={products.length === 0 ? 'no product' : ''}
        data={known.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        value={[...products]}
        searchable
        clearable
        onChange={(value) => change({ products: value })}
      />
      <MultiSelect
        label="alerts: sends alerts of"
        placeholder={sources.length === 0 ? 'no source' : ''}
        data={ALERT_SOURCES}
        value={[...sources]}
        clearable
        onChange={(value) => change({ sources: value })}
      />
      <TagsInput
        label="tasks: reports the tasks"
        description="Their ids, each with Enter."
        placeholder={tasks.length === 0 ? 'no task' : ''}
        value={[...tasks]}
        clearable
        error={tasks.every(isNameable) ? null : 'An id is made of a-z, 0-9 and dashes, such as nightly-backup.'}
        onChange={(value) => change({ tasks: value })}
      />
    </>
  );
}
