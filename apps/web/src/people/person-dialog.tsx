import { Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { DeactivatePerson } from './deactivate-person';
import { EditPerson } from './edit-person';
import { InvitePerson, useInvite } from './invite-person';
import { type Person } from './people-queries';
import { type Begin, type Deed } from './person-actions';

const TITLES: Readonly<Record<Deed, (name: string) => string>> = {
  edit: (name) => `Edit ${name}`,
  invite: (name) => `Invite ${name} to Telegram`,
  deactivate: (name) => `Deactivate ${name}`,
};

/** One dialog for everybody: it stays, whatever becomes of the list behind it. */
export function usePersonDialog(): { readonly begin: Begin; readonly dialog: ReactNode } {
  const [opened, { open, close }] = useDisclosure();
  const [doing, setDoing] = useState<{ readonly deed: Deed; readonly person: Person } | null>(null);
  const inviting = useInvite();
  const begin: Begin = (deed, person) => {
    setDoing({ deed, person });
    open();
    if (deed === 'invite') inviting.mutate(person.handle);
  };
  // It is there from the start, closed: it remembers where the focus was only when it opens.
  const dialog = (
    <Modal opened={opened} onClose={close} title={doing && TITLES[doing.deed](doing.person.name)}>
      {doing?.deed === 'edit' && <EditPerson person={doing.person} close={close} />}
      {doing?.deed === 'invite' && <InvitePerson person={doing.person} inviting={inviting} />}
      {doing?.deed === 'deactivate' && <DeactivatePerson person={doing.person} close={close} />}
    </Modal>
  );
  return { begin, dialog };
}
