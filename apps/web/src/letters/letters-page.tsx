import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { HubTabs } from '../hub/hub-tabs';
import { ForAdmins } from '../shell/for-admins';
import { Page } from '../shell/page';
import { Paged } from '../shell/paged';
import { useAddress } from '../shell/use-address';
import { LetterCard } from './letter-card';
import { letterFiltersOf } from './letter-filters';
import { useLetters, type Letter } from './letter-queries';
import { useReplayAll } from './replay';

/** What the services could not handle, until somebody has mended the cause and replays it. */
export function Component() {
  return (
    <ForAdmins title="Dead letters">
      <Letters />
    </ForAdmins>
  );
}

function Letters() {
  const [params] = useAddress();
  const filters = letterFiltersOf(params);
  const letters = useLetters(filters);
  const open = letters.data?.filter(({ replayedAt }) => replayedAt === null) ?? [];
  return (
    <Page title="Dead letters" actions={open.length > 1 && <ReplayAll />}>
      <HubTabs />
      <Text size="sm">
        What could not be handled is kept here with its reason. Mend the cause, then replay it: twice acts once.
      </Text>
      <Filters letters={letters.data ?? []} />
      <Paged pages={letters} height={300}>
        {(found) =>
          found.length === 0 ? (
            <Text>{filters.state === 'open' ? 'There is none: everything was handled.' : 'None is like that.'}</Text>
          ) : (
            <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
              {found.map((letter) => (
                <LetterCard key={letter.id} letter={letter} />
              ))}
            </Stack>
          )
        }
      </Paged>
    </Page>
  );
}

function ReplayAll() {
  const [params] = useAddress();
  const replaying = useReplayAll(letterFiltersOf(params));
  return (
    <Button variant="default" loading={replaying.isPending} onClick={() => replaying.mutate(undefined)}>
      Replay all of these
    </Button>
  );
}

/** The rules that have some now can be chosen; one that stands in the address stays there, too. */
function Filters({ letters }: { readonly letters: readonly Letter[] }) {
  const [params, change] = useAddress();
  const { state, consumer } = letterFiltersOf(params);
  const consumers = new Set([
    ...letters.map((letter) => letter.consumer),
    ...(consumer === undefined ? [] : [consumer]),
  ]);
  return (
    <Group gap="xs" role="search">
      <Select
        aria-label="State"
        data={[
          { value: 'open', label: 'Open' },
          { value: 'replayed', label: 'Replayed' },
          { value: 'all', label: 'All' },
        ]}
        value={state ?? 'all'}
        allowDeselect={false}
        w={150}
        onChange={(one) => change({ state: one === 'open' ? null : one })}
      />
      <Select
        aria-label="Rule"
        placeholder="All rules"
        data={[...consumers].sort()}
        value={consumer ?? null}
        clearable
        searchable
        w={320}
        onChange={(one) => change({ consumer: one })}
      />
    </Group>
  );
}
