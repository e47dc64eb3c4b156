import { Badge, Button, Group, Paper, Spoiler, Stack, Text } from '@mantine/core';
import { answerOf, api } from '../api/client';
import { useChange } from '../api/use-change';
import { When } from '../shell/when';
import { type MessageState } from './message-filters';
import { type Message } from './message-queries';

const COLOURS: Readonly<Record<MessageState, string>> = {
  waiting: 'yellow',
  sending: 'blue',
  sent: 'teal',
  failed: 'red',
  withdrawn: 'gray',
};

const KINDS: Readonly<Record<string, string>> = { send: 'message', edit: 'change of a message', photo: 'picture' };

/** In pixels: six lines. */
const SHORT = 132;

/** One message: to whom, what it says, and what became of it. */
export function MessageCard({ message }: { readonly message: Message }) {
  const { to, channel, kind, text, state, attempts, error, createdAt, sentAt } = message;
  return (
    <Paper component="li" withBorder p="sm" radius="md">
      <Stack gap={6}>
        <Group justify="space-between" align="flex-start" gap="xs">
          <Group gap="xs">
            <Badge size="sm" variant="light" color={COLOURS[state]}>
              {state}
            </Badge>
            <Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
              {to}
            </Text>
          </Group>
          {state === 'failed' && <Resend message={message} />}
        </Group>
        <Text size="sm" c="dimmed" component="div">
          {channel} · {KINDS[kind] ?? kind} · written <When at={createdAt} c="dimmed" />
          {sentAt !== null && (
            <>
              {' · sent '}
              <When at={sentAt} c="dimmed" />
            </>
          )}
          {attempts > 0 && ` · ${attempts === 1 ? '1 attempt' : `${attempts} attempts`}`}
        </Text>
        {error !== null && (
          <Text size="sm" c="var(--mantine-color-red-text)" style={{ overflowWrap: 'anywhere' }}>
            {error}
          </Text>
        )}
        <Spoiler
          maxHeight={SHORT}
          showLabel="Show all of it"
          hideLabel="Show less"
          styles={{ control: { fontSize: 'var(--mantine-font-size-sm)' } }}
        >
          <Text size="sm" dir="auto" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {text}
          </Text>
        </Spoiler>
      </Stack>
    </Paper>
  );
}

function Resend({ message: { id, to } }: { readonly message: Message }) {
  const sending = useChange({
    change: () => answerOf(api.POST('/api/messages/{id}/resend', { params: { path: { id } } })),
    done: () => `It is sent to ${to} again.`,
    touches: ['messages'],
  });
  return (
    <Button size="compact-sm" variant="default" loading={sending.isPending} onClick={() => sending.mutate(undefined)}>
      Send again
    </Button>
  );
}
