import { Accordion, Anchor, Badge, Button, Code, Group, Paper, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { When } from '../shell/when';
import { type Letter } from './letter-queries';
import { useReplay } from './replay';

/** One dead letter: why, what was in it, and another try. */
export function LetterCard({ letter }: { readonly letter: Letter }) {
  const { id, subject, reason, replayedAt } = letter;
  const replaying = useReplay(id);
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
            <WhereAndWhen letter={letter} />
          </Stack>
          {replayedAt === null && (
            <Button
              size="xs"
              aria-label={`Replay ${subject}`}
              loading={replaying.isPending}
              onClick={() => replaying.mutate(undefined)}
            >
              Replay
            </Button>
          )}
        </Group>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {reason}
        </Text>
        <Payload letter={letter} />
      </Stack>
    </Paper>
  );
}

function WhereAndWhen({ letter }: { readonly letter: Letter }) {
  const { service, consumer, deliveries, at, replayedAt, runId } = letter;
  return (
    <Text size="sm" c="dimmed" component="div">
      {service} · {consumer} · tried {deliveries === 1 ? 'once' : `${deliveries} times`} · <When at={at} c="dimmed" />
      {replayedAt !== null && ' · replayed '}
      {replayedAt !== null && <When at={replayedAt} c="dimmed" />}
      {runId !== null && ' · '}
      {runId !== null && (
        <Anchor component={Link} to={`/runs/${encodeURIComponent(runId)}`} size="sm" underline="always">
          its run
        </Anchor>
      )}
    </Text>
  );
}

function Payload({ letter: { payload, isWhole } }: { readonly letter: Letter }) {
  return (
    <Accordion variant="contained" order={3}>
      <Accordion.Item value="payload">
        <Accordion.Control>
          <Text size="sm">{isWhole ? 'What was in it' : 'How it began: the whole of it is in its service'}</Text>
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
