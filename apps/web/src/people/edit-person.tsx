import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { answerOf, api, ProblemError } from '../api/client';
import { useChange } from '../api/use-change';
import { type Person } from './people-queries';
import { ROLES } from './role-text';

interface Props {
  /** Null adds somebody. */
  readonly person: Person | null;
  readonly close: () => void;
}

interface Draft {
  readonly handle: string;
  readonly name: string;
  readonly roles: Person['roles'];
}

/** Adds somebody, or changes what somebody is called and may do. */
export function EditPerson({ person, close }: Props) {
  const [draft, setDraft] = useState<Draft>(person ?? { handle: '', name: '', roles: ['owner'] });
  const saving = useSave(person, draft);
  const fields = saving.error instanceof ProblemError ? saving.error.fields : {};
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    saving.mutate(undefined, { onSuccess: close });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {person === null && (
          <TextInput
            label="Handle"
            description="As it stands behind owner: in the library, such as ada. It stays as it is."
            required
            data-autofocus
            value={draft.handle}
            error={fields['handle']}
            onChange={({ currentTarget: { value } }) => setDraft({ ...draft, handle: value.toLowerCase() })}
          />
        )}
        <TextInput
          label="Name"
          required
          value={draft.name}
          error={fields['name']}
          onChange={({ currentTarget: { value } }) => setDraft({ ...draft, name: value })}
        />
        <Roles
          value={draft.roles}
          error={fields['roles']}
          onChange={(chosen) => setDraft({ ...draft, roles: ROLES.map(({ role }) => role).filter(isIn(chosen)) })}
        />
        {saving.error !== null && Object.keys(fields).length === 0 && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {saving.error.message}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {person === null ? 'Add' : 'Save'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const isIn = (chosen: readonly string[]) => (role: string) => chosen.includes(role);

function useSave(person: Person | null, { handle, name, roles }: Draft) {
  return useChange({
    change: () =>
      person === null
        ? answerOf(api.POST('/api/people', { body: { handle: handle.trim(), name, roles } }))
        : answerOf(
            api.PATCH('/api/people/{handle}', {
              params: { path: { handle: person.handle } },
              body: { name, roles },
            }),
          ),
    done: (saved) => (person === null ? `${saved.name} is added. Invite them to Telegram now.` : 'It is changed.'),
    touches: ['people', 'session', 'sessions'],
    showsProblems: true,
  });
}

interface RolesProps {
  readonly value: Person['roles'];
  readonly error: string | undefined;
  readonly onChange: (chosen: string[]) => void;
}

function Roles({ value, error, onChange }: RolesProps) {
  return (
    <Checkbox.Group label="Roles" description="Without any, nobody can log in." {...{ value, error, onChange }}>
      <Stack gap="xs" mt="xs">
        {ROLES.map(({ role, label, says }) => (
          <Checkbox key={role} value={role} label={label} description={says} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
