import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState, type FormEvent } from 'react';
import { ProblemError, type Schema } from '../api/client';
import { usePeople } from '../people/people-queries';
import { CopyField } from '../shell/copy-field';
import { isAtLeast, mayChange, useMe } from '../shell/session';
import { ShownOnce } from '../shell/shown-once';
import { useRegisterTask } from './task-queries';
import { reportCommand } from './task-text';

type Kind = 'every' | 'cron' | 'hand';

/** When it runs, as it stands in the form. */
interface Chosen {
  readonly kind: Kind;
  readonly time: string;
  readonly grace: string;
}

const KINDS = [
  { value: 'every', label: 'again and again, after a time' },
  { value: 'cron', label: 'at times, as cron says them' },
  { value: 'hand', label: 'when somebody wants it' },
];

/** Registers what runs outside. */
export function RegisterTask() {
  const [opened, { open, close }] = useDisclosure();
  const registering = useRegisterTask();
  const made = registering.data;
  const begin = (): void => {
    registering.reset();
    open();
  };
  return (
    <>
      <Button onClick={begin}>Register a task</Button>
      <Modal
        opened={opened}
        onClose={close}
        title="Register a task"
        size="lg"
        // What is shown once is not lost by a press beside it.
        closeOnClickOutside={made === undefined}
      >
        {made === undefined ? <Form registering={registering} close={close} /> : <Made task={made} close={close} />}
      </Modal>
    </>
  );
}

function Made({ task: { hook, token }, close }: { readonly task: Schema<'TaskCreated'>; readonly close: () => void }) {
  return (
    <ShownOnce
      says="Its token is shown this once: only a trace of it is kept, by which it is known again."
      close={close}
    >
      <CopyField label="Token" text={token} />
      {hook !== null && <CopyField label="Report it in a shell" text={reportCommand(hook, token)} />}
    </ShownOnce>
  );
}

interface FormProps {
  readonly registering: ReturnType<typeof useRegisterTask>;
  readonly close: () => void;
}

function triggerOf({ kind, time }: Chosen): Schema<'TaskBody'>['trigger'] {
  if (kind === 'hand') return { hand: true };
  return kind === 'cron' ? { cron: time } : { every: time };
}

function Form({ registering, close }: FormProps) {
  const me = useMe();
  const people = usePeople();
  const [name, setName] = useState('');
  const [owner, setOwner] = useState(isAtLeast(me, 'admin') ? null : me.handle);
  const [rhythm, setRhythm] = useState<Chosen>({ kind: 'every', time: 'P1D', grace: 'PT1H' });
  const fields = registering.error instanceof ProblemError ? registering.error.fields : {};
  const wrongTime = Object.entries(fields).find(([field]) => field.startsWith('trigger'))?.[1];
  const isSaid = ['name', 'owner', 'grace'].some((field) => field in fields) || wrongTime !== undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (owner !== null) registering.mutate({ name, owner, grace: rhythm.grace, trigger: triggerOf(rhythm) });
  };
  const mayOwn = people.data?.filter((person) => person.active && mayChange(me, person.handle)) ?? [];
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          placeholder="Nightly backup"
          required
          data-autofocus
          value={name}
          error={fields['name']}
          onChange={({ currentTarget: { value } }) => setName(value)}
        />
        <Select
          label="Owner"
          description="Hears first when it is down, and is asked about it like about any process."
          required
          searchable
          data={mayOwn.map(({ handle, name: label }) => ({ value: handle, label }))}
          value={owner}
          error={fields['owner']}
          allowDeselect={false}
          onChange={setOwner}
        />
        <Rhythm rhythm={rhythm} change={setRhythm} faults={{ time: wrongTime, grace: fields['grace'] }} />
        {registering.error !== null && !isSaid && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {registering.error.message}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" disabled={owner === null} loading={registering.isPending}>
            Register it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface RhythmProps {
  readonly rhythm: Chosen;
  readonly change: (rhythm: Chosen) => void;
  readonly faults: { readonly time: string | undefined; readonly grace: string | undefined };
}

function Rhythm({ rhythm, change, faults }: RhythmProps) {
  const { kind, time, grace } = rhythm;
  return (
    <>
      <Select
        label="Runs"
        data={KINDS}
        value={kind}
        allowDeselect={false}
        onChange={(one) =>
          change({ ...rhythm, kind: (one ?? 'every') as Kind, time: one === 'cron' ? '0 3 * * *' : 'P1D' })
        }
      />
      {kind !== 'hand' && (
        <>
          <TextInput
            label={kind === 'cron' ? 'Cron expression' : 'Every'}
            description={
              kind === 'cron' ? 'Five fields, in the zone of the organisation.' : 'Such as PT10M, P1D or weekly.'
            }
            required
            value={time}
            error={faults.time}
            onChange={({ currentTarget: { value } }) => change({ ...rhythm, time: value })}
          />
          <TextInput
            label="Grace"
            description="How long its silence is no news."
            required
            value={grace}
            error={faults.grace}
            onChange={({ currentTarget: { value } }) => change({ ...rhythm, grace: value })}
          />
        </>
      )}
    </>
  );
}
