import { Anchor, Group, List, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schema } from '../api/client';
import { useChange } from '../api/use-change';
import { CopyField } from '../shell/copy-field';
import { Fetched } from '../shell/fetched';
import { moment } from '../shell/moment';
import { isAtLeast, useMe } from '../shell/session';

/** The page for readers outside: whether it is on, its badge, and what readers reported. */
export function Publication({ id, name }: { readonly id: string; readonly name: string }) {
  const publication = useQuery({
    queryKey: ['process', id, 'public'],
    queryFn: () => answerOf(api.GET('/api/processes/{id}/public', { params: { path: { id } } })),
  });
  return (
    <Fetched query={publication} height={100}>
      {(data) => (
        <Stack>
          <OnOff id={id} on={data.on} />
          {data.on && <Addresses name={name} publication={data} />}
          <Reports reports={data.reports} />
        </Stack>
      )}
    </Fetched>
  );
}

function OnOff({ id, on }: { readonly id: string; readonly on: boolean }) {
  const me = useMe();
  const publishing = useChange({
    change: (wanted: boolean) =>
      answerOf(api.PUT('/api/processes/{id}/public', { params: { path: { id } }, body: { on: wanted } })),
    done: ({ on: isOn }) =>
      isOn ? 'Everybody who has the address can read it.' : 'Nobody outside can read it any more.',
    touches: ['process'],
  });
  return (
    <Switch
      label="Everybody who has the address can read this record"
      checked={on}
      disabled={!isAtLeast(me, 'admin') || publishing.isPending}
      onChange={({ currentTarget }) => publishing.mutate(currentTarget.checked)}
    />
  );
}

function Addresses({
  name,
  publication: { page, badge },
}: {
  readonly name: string;
  readonly publication: Schema<'PublicationView'>;
}) {
  const [url, image] = [page, badge].map((path) => new URL(path, window.location.href).href) as [string, string];
  const markdown = `[![${name.replace(/[[\]]/g, '')}](${image})](${url})`;
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Anchor href={page} target="_blank">
          {url}
        </Anchor>
        <img src={badge} alt="Its badge" height={20} />
      </Group>
      <CopyField label="For a README" text={markdown} />
    </Stack>
  );
}

function Reports({ reports }: { readonly reports: Schema<'PublicationView'>['reports'] }) {
  if (reports.length === 0) return <Text size="sm">No reader has reported it as outdated.</Text>;
  return (
    <Stack gap="xs">
      <Text fw={600} size="sm">
        Reported as outdated
      </Text>
      <List size="sm">
        {reports.map(({ at, text }, index) => (
          <List.Item key={index}>
            {moment(at)}: {text === '' ? 'without a word' : text}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
