import { Button, Group, Modal, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState, type FormEvent } from 'react';
import { ProblemError } from '../api/client';
import { CopyField } from '../shell/copy-field';
import { ShownOnce } from '../shell/shown-once';
import { useSubscribe } from './subscription-queries';

/** What is asked for most; others can be typed. */
const SUBJECTS = [
  'process.certified',
  'process.due',
  'process.overdue',
  'kpi.received',
  'kpi.missed',
  'alert.*',
].concat(['release.reported', 'task.down', 'task.recovered']);

/** Sends events to an address outside. */
export function Subscribe() {
  const [opened, { open, close }] = useDisclosure();
  const subscribing = useSubscribe();
  const made = subscribing.data;
  const begin = (): void => {
    subscribing.reset();
    open();
  };
  return (
    <>
      <Button onClick={begin}>Subscribe an address</Button>
      <Modal
        opened={opened}
        onClose={close}
        title="Subscribe an address"
        size="lg"
        // What is shown once is not lost by a press beside it.
        closeOnClickOutside={made === undefined}
      >
        {made === undefined ? (
          <Form subscribing={subscribing} close={close} />
        ) : (
          <ShownSecret secret={made.secret} close={close} />
        )}
      </Modal>
    </>
  );
}

interface ShownProps {
  readonly secret: string;
  readonly close: () => void;
}

/** The secret by which the other side knows that it is us. */
export function ShownSecret({ secret, close }: ShownProps) {
  return (
    <ShownOnce
      says="It is shown this once. The other side checks by it, as Standard Webhooks says, that what it gets comes from here."
      close={close}
    >
      <CopyField label="Signing secret" text={secret} />
    </ShownOnce>
  );
}

interface FormProps {
  readonly subscribing: ReturnType<typeof useSubscribe>;
  readonly close: () => void;
}

function Form({ subscribing, close }: FormProps) {
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [subjects, setSubjects] = useState<string[]>([]);
  const fields = subscribing.error instanceof ProblemError ? subscribing.error.fields : {};
  const wrongSubject = Object.entries(fields).find(([field]) => field.startsWith('subjects'))?.[1];
  const isSaid = fields['name'] !== undefined || fields['url'] !== undefined || wrongSubject !== undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    subscribing.mutate({ name, url, subjects });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="What hears of it, so that somebody knows later what stops when it is ended."
          placeholder="n8n"
          required
          data-autofocus
          value={name}
          error={fields['name']}
          onChange={({ currentTarget: { value } }) => setName(value)}
        />
        <TextInput
          label="Address"
          description="Each event is a POST to it, signed."
          placeholder="https://n8n.example.org/webhook/recert"
          type="url"
          required
          value={url}
          error={fields['url']}
          onChange={({ currentTarget: { value } }) => setUrl(value)}
        />
        <TagsInput
          label="Events"
          description="Choose, or type one and press Enter; alert.* is every event that begins so."
          data={SUBJECTS}
          value={subjects}
          clearable
          error={wrongSubject}
          onChange={setSubjects}
        />
        {subscribing.error !== null && !isSaid && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {subscribing.error.message}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" disabled={subjects.length === 0} loading={subscribing.isPending}>
            Subscribe it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
