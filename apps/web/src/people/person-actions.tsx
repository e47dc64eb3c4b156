import { ActionIcon, Button, Group, Menu } from '@mantine/core';
import { IconBrandTelegram, IconDots, IconPencil, IconUserCheck, IconUserOff } from '@tabler/icons-react';
import { useRef } from 'react';
import { useActivate } from './deactivate-person';
import { type Person } from './people-queries';

export type Deed = 'edit' | 'invite' | 'deactivate';

/** Shows what a deed needs. */
export type Begin = (deed: Deed, person: Person) => void;

interface Props {
  readonly person: Person;
  readonly begin: Begin;
}

/** What an admin can do about somebody. */
export function PersonActions({ person, begin }: Props) {
  const activating = useActivate();
  const activate = (): void => activating.mutate(person);
  return (
    <Group gap="xs" wrap="nowrap" justify="flex-end">
      {!person.active && (
        <Button
          size="xs"
          variant="default"
          aria-label={`Activate ${person.name}`}
          loading={activating.isPending}
          onClick={activate}
        >
          Activate
        </Button>
      )}
      {person.active && !person.telegram.linked && (
        <Button size="xs" variant="light" aria-label={`Invite ${person.name}`} onClick={() => begin('invite', person)}>
          Invite
        </Button>
      )}
      <PersonMenu person={person} begin={begin} activate={activate} />
    </Group>
  );
}

function PersonMenu({ person, begin, activate }: Props & { readonly activate: () => void }) {
  const { name, active, telegram } = person;
  const target = useRef<HTMLButtonElement>(null);
  const beginHere = (deed: Deed): void => {
    // A dialog gives the focus back to where it was, and what was pressed in the menu is gone by then.
    target.current?.focus();
    begin(deed, person);
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon ref={target} variant="subtle" aria-label={`More about ${name}`}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => beginHere('edit')}>
          Edit
        </Menu.Item>
        {active && (
          <Menu.Item leftSection={<IconBrandTelegram size={16} aria-hidden />} onClick={() => beginHere('invite')}>
            {telegram.linked ? 'Link another Telegram account' : 'Invite to Telegram'}
          </Menu.Item>
        )}
        {active ? (
          <Menu.Item leftSection={<IconUserOff size={16} aria-hidden />} onClick={() => beginHere('deactivate')}>
            Deactivate
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconUserCheck size={16} aria-hidden />} onClick={activate}>
            Activate
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
