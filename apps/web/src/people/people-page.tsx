import { Button, Modal, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Fetched } from '../shell/fetched';
import { Page } from '../shell/page';
import { isAtLeast, useMe } from '../shell/session';
import { EditPerson } from './edit-person';
import { findPeople } from './find-people';
import { PeopleList } from './people-list';
import { usePeople, type Person } from './people-queries';
import { usePersonDialog } from './person-dialog';

/** So many are shown at once. */
const SHOWN = 100;

/** Who owns processes, who may do what, and whom the bot reaches. */
export function Component() {
  const me = useMe();
  const people = usePeople();
  return (
    <Page title="People" actions={isAtLeast(me, 'admin') && <AddPerson />}>
      <Fetched query={people} height={300}>
        {(all) => (all.length === 0 ? <NobodyYet /> : <Found people={all} />)}
      </Fetched>
    </Page>
  );
}

function NobodyYet() {
  return (
    <Text>
      Nobody is here yet. People come by themselves with the <code>owner:</code> lines of the library, or are added here
      by an admin. An invitation links their Telegram account, and from then on they can be asked.
    </Text>
  );
}

function AddPerson() {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button onClick={open}>Add a person</Button>
      <Modal opened={opened} onClose={close} title="Add a person">
        <EditPerson person={null} close={close} />
      </Modal>
    </>
  );
}

function Found({ people }: { readonly people: readonly Person[] }) {
  const [text, setText] = useState('');
  const [most, setMost] = useState(SHOWN);
  const { begin, dialog } = usePersonDialog();
  const found = findPeople(people, text);
  return (
    <>
      <TextInput
        aria-label="Search"
        placeholder="Search"
        maw={360}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={({ currentTarget: { value } }) => setText(value)}
      />
      {found.length === 0 ? (
        <Text>Nobody is called like that.</Text>
      ) : (
        <PeopleList people={found.slice(0, most)} begin={begin} />
      )}
      {found.length > most && (
        <Button variant="default" onClick={() => setMost(most + SHOWN)}>
          More ({found.length - most})
        </Button>
      )}
      {dialog}
    </>
  );
}
