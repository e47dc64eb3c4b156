import { ActionIcon, Button, Group, Menu, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBrandTelegram, IconDots, IconPencil, IconUserCheck, IconUserOff } from '@tabler/icons-react';
import { useState } from 'react';
import { DeactivatePerson, useActivate } from './deactivate-person';
import { EditPerson } from './edit-person';
import { InvitePerson, useInvite } from './invite-person';
import { type Person } from './people-queries';

type Doing = 'edit' | 'invite' | 'deactivate';

const TITLES: Readonly<Record<Doing, (name: string) => string>> = {
  edit: (name) => `Edit ${name}`,
  invite: (name) => `Invite ${name} to Telegram`,
  deactivate: (name) => `Deactivate ${name}`,
};

/** What an admin can do about somebody. */
export function PersonActions({ person }: { readonly person: Person }) {
  const [opened, { open, close }] = useDisclosure();
  const [doing, setDoing] = useState<Doing>('edit');
  const inviting = useInvite();
  const activating = useActivate();
  const begin = (what: Doing): void => {
    setDoing(what);
    open();
  };
  const invite = (): void => {
    begin('invite');
    inviting.mutate(person.handle);
  };
  return (
    <Group gap="xs" wrap="nowrap" justify="flex-end">
      {!person.active && (
        <Button size="xs" variant="default" loading={activating.isPending} onClick={() => activating.mutate(person)}>
          Activate
        </Button>
      )}
      {person.active && !person.telegram.linked && (
        <Button size="xs" variant="light" aria-label={`Invite ${person.name}`} onClick={invite}>
          Invite
        </Button>
      )}
      <PersonMenu person={person} begin={begin} invite={invite} activate={() => activating.mutate(person)} />
      <Modal opened={opened} onClose={close} title={TITLES[doing](person.name)}>
        {doing === 'edit' && <EditPerson person={person} close={close} />}
        {doing === 'invite' && <InvitePerson person={person} inviting={inviting} />}
        {doing === 'deactivate' && <DeactivatePerson person={person} close={close} />}
      </Modal>
    </Group>
  );
}

interface MenuProps {
  readonly person: Person;
  readonly begin: (what: Doing) => void;
  readonly invite: () => void;
  readonly activate: () => void;
}

function PersonMenu({ person: { name, active, telegram }, begin, invite, activate }: MenuProps) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={`More about ${name}`}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => begin('edit')}>
          Edit
        </Menu.Item>
        {active && (
          <Menu.Item leftSection={<IconBrandTelegram size={16} aria-hidden />} onClick={invite}>
            {telegram.linked ? 'Link another Telegram account' : 'Invite to Telegram'}
          </Menu.Item>
        )}
        {active ? (
          <Menu.Item
            color="red"
            leftSection={<IconUserOff size={16} aria-hidden />}
            onClick={() => begin('deactivate')}
          >
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
