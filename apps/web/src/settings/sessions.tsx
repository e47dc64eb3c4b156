import { Badge, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { answerOf, api, type Schema } from '../api/client';
import { usePages } from '../api/pages';
import { useChange } from '../api/use-change';
import { day } from '../shell/moment';
import { isAtLeast, useLogOut, useMe } from '../shell/session';
import { Paged } from '../shell/paged';
import { When } from '../shell/when';
import { deviceText } from './device-text';

type Session = Schema<'SessionView'>;

/** Where people are logged in: an admin sees everybody, anybody else themselves. */
export function Sessions() {
  const me = useMe();
  const pages = usePages(['sessions', 'list'], (begin) =>
    answerOf(api.GET('/api/sessions', { params: { query: { limit: 100, ...begin } } })),
  );
  return (
    <Paged pages={pages}>
      {(sessions) => (
        <Stack>
          <Text size="sm">
            {isAtLeast(me, 'admin') ? 'Who is logged in, and where.' : 'Where you are logged in.'} Log out a browser
            that is lost, or that nobody knows.
          </Text>
          {sessions.length === 0 && <Text>Nobody is logged in with a browser: you came with a token.</Text>}
          <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
            {sessions.map((session) => (
              <Line key={session.id} session={session} />
            ))}
          </Stack>
        </Stack>
      )}
    </Paged>
  );
}

function Line({ session }: { readonly session: Session }) {
  const { name, role, device, createdAt, lastSeenAt, expiresAt, current } = session;
  return (
    <Paper component="li" withBorder p="sm" radius="md">
      <Group justify="space-between" gap="sm">
        <Stack gap={4} style={{ overflowWrap: 'anywhere' }}>
          <Group gap="xs">
            <Text fw={600}>{name}</Text>
            <Badge variant="outline" color="gray">
              {role}
            </Badge>
            {current && (
              <Badge variant="light" color="teal">
                this browser
              </Badge>
            )}
          </Group>
          <Text size="sm" title={device ?? ''}>
            {deviceText(device)}
          </Text>
          <Text size="sm" c="dimmed" component="div">
            seen <When at={lastSeenAt} c="dimmed" /> · logged in <When at={createdAt} c="dimmed" /> · ends by itself on{' '}
            {day(expiresAt)}
          </Text>
        </Stack>
        {current ? <LogOutHere /> : <LogOut session={session} />}
      </Group>
    </Paper>
  );
}

function LogOutHere() {
  const logOut = useLogOut();
  return (
    <Button variant="default" size="xs" aria-label="Log out this browser" onClick={() => void logOut()}>
      Log out
    </Button>
  );
}

function LogOut({ session: { id, name, device } }: { readonly session: Session }) {
  const ending = useChange({
    change: () => answerOf(api.DELETE('/api/sessions/{id}', { params: { path: { id } } })),
    done: () => `${name} is logged out of ${deviceText(device)}.`,
    touches: ['sessions'],
  });
  return (
    <Button
      variant="default"
      size="xs"
      aria-label={`Log out ${name}, ${deviceText(device)}`}
      loading={ending.isPending}
      onClick={() => ending.mutate(undefined)}
    >
      Log out
    </Button>
  );
}
