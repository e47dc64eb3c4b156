import { Accordion, Badge, Button, Code, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schema } from '../api/client';
import { useChange } from '../api/use-change';
import { Fetched } from '../shell/fetched';
import { When } from '../shell/when';
import { isAllDone, replayed, type Replay } from './replayed';

type Letter = Schema<'DeadLetterView'>;

const TOUCHES = ['dead-letters', 'processes', 'process', 'people', 'products', 'kpis', 'alerts', 'messages', 'inbox'];

/** Events that could not be handled: why, what was in them, and another try. */
export function DeadLetters() {
  const letters = useQuery({
    queryKey: ['dead-letters'],
    queryFn: () => answerOf(api.GET('/api/dead-letters', { params: { query: { limit: 1000 } } })),
    // Nothing tells of one: it is looked for whenever this is shown.
    staleTime: 0,
  });
  return (
    <Stack gap="sm" mt="xl" component="section" aria-label="Dead letters">
      <Fetched query={letters} height={120}>
        {({ items }) => <Letters letters={items} />}
      </Fetched>
    </Stack>
  );
}

function Letters({ letters }: { readonly letters: readonly Letter[] }) {
  const replaying = useReplay();
  const waiting = letters.filter(({ replayedAt }) => replayedAt === null);
  return (
    <>
      <Group justify="space-between">
        <Title order={2} size="h4">
          Dead letters
        </Title>
        {waiting.length > 1 && (
          <Button
            variant="default"
            loading={replaying.isPending}
            onClick={() => replaying.replay(waiting.map(({ id }) => id))}
          >
            Replay all {waiting.length}
          </Button>
        )}
      </Group>
      <Text size="sm">
        {letters.length === 0
          ? 'There is none. What cannot be handled is kept here with its reason, until somebody has mended the cause and replays it.'
          : 'What could not be handled is kept here. Mend the cause, then replay it: twice acts once.'}
      </Text>
      <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
        {letters.map((letter) => (
          <LetterCard key={letter.id} letter={letter} />
        ))}
      </Stack>
    </>
  );
}

/** One after the other, so that what depends on an earlier one finds it done; one that fails does not end it. */
function useReplay() {
  const replaying = useChange({
    change: async (ids: readonly string[]) => {
      const replays: Replay[] = [];
      for (const id of ids) {
        replays.push(
          await answerOf(api.POST('/api/dead-letters/{id}/replay', { params: { path: { id } } })).catch(
            (error: unknown) => ({ replayed: false, reason: error instanceof Error ? error.message : String(error) }),
          ),
        );
      }
      return replays;
    },
    done: null,
    touches: TOUCHES,
  });
  const replay = (ids: readonly string[]): void =>
    replaying.mutate(ids, {
      onSuccess: (replays) =>
        notifications.show({ color: isAllDone(replays) ? 'teal' : 'orange', message: replayed(replays) }),
    });
  return { replay, isPending: replaying.isPending };
}

function LetterCard({ letter }: { readonly letter: Letter }) {
  const { id, service, consumer, subject, reason, deliveries, at, replayedAt, payload } = letter;
  const replaying = useReplay();
  return (
    <Paper component="li" withBorder p="md" radius="md">
      <Stack gap="xs">
        <Group justify="space-between" gap="sm">
          <Stack gap={2} style={{ overflowWrap: 'anywhere' }}>
            <Group gap="xs">
              <Text fw={600}>{subject}</Text>
              {replayedAt !== null && (
                <Badge color="teal" variant="light">
                  replayed
                </Badge>
              )}
            </Group>
            <Text size="sm" c="dimmed" component="div">
              {service} · {consumer} · tried {deliveries === 1 ? 'once' : `${deliveries} times`} ·{' '}
              <When at={at} c="dimmed" />
              {replayedAt !== null && ' · replayed '}
              {replayedAt !== null && <When at={replayedAt} c="dimmed" />}
            </Text>
          </Stack>
          {replayedAt === null && (
            <Button
              size="xs"
              aria-label={`Replay ${subject}`}
              loading={replaying.isPending}
              onClick={() => replaying.replay([id])}
            >
              Replay
            </Button>
          )}
        </Group>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {reason}
        </Text>
        <Payload payload={payload} />
      </Stack>
    </Paper>
  );
}

function Payload({ payload }: Pick<Letter, 'payload'>) {
  return (
    <Accordion variant="contained" order={3}>
      <Accordion.Item value="payload">
        <Accordion.Control>
          <Text size="sm">What was in it</Text>
        </Accordion.Control>
        <Accordion.Panel>
          <Code block style={{ maxHeight: 320, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} tabIndex={0}>
            {payload}
          </Code>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
