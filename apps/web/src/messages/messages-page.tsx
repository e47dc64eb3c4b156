import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { ForAdmins } from '../shell/for-admins';
import { Page } from '../shell/page';
import { Paged } from '../shell/paged';
import { useAddress } from '../shell/use-address';
import { MessageCard } from './message-card';
import { messageFiltersOf, STATES } from './message-filters';
import { useMessages } from './message-queries';

/** Everything that was or will be sent to anybody. */
export function Component() {
  return (
    <ForAdmins title="Messages">
      <Page title="Messages">
        <Filters />
        <Found />
      </Page>
    </ForAdmins>
  );
}

function Filters() {
  const [params, change] = useAddress();
  const { state, to } = messageFiltersOf(params);
  const [text, setText] = useState(to ?? '');
  const search = useDebouncedCallback((handle: string) => change({ to: handle.trim() }), 300);
  return (
    <Group gap="xs" role="search">
      <Select
        aria-label="State"
        placeholder="All states"
        data={STATES}
        value={state ?? null}
        clearable
        w={150}
        onChange={(one) => change({ state: one })}
      />
      <TextInput
        aria-label="To"
        placeholder="To: a handle"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        w={200}
        onChange={({ currentTarget: { value } }) => {
          setText(value);
          search(value);
        }}
      />
      {(state !== undefined || to !== undefined) && (
        <Button
          variant="subtle"
          onClick={() => {
            setText('');
            change({ state: null, to: null });
          }}
        >
          Show all
        </Button>
      )}
    </Group>
  );
}

function Found() {
  const [params] = useAddress();
  const filters = messageFiltersOf(params);
  return (
    <Paged pages={useMessages(filters)} height={300}>
      {(messages) =>
        messages.length === 0 ? (
          <NoMessages isFiltered={Object.keys(filters).length > 0} />
        ) : (
          <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
            {messages.map((message) => (
              <MessageCard key={message.id} message={message} />
            ))}
          </Stack>
        )
      }
    </Paged>
  );
}

function NoMessages({ isFiltered }: { readonly isFiltered: boolean }) {
  return (
    <Text>
      {isFiltered
        ? 'No message is like that. Change the filters; a handle is written out whole.'
        : 'Nothing was sent yet. Messages go to people and groups that are linked with the bot in Telegram: invite somebody, and whatever is said to them stands here.'}
    </Text>
  );
}
