import { Button, CloseButton, Group, List, Paper, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconCheck, IconCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { Link } from 'react-router';
import { answerOf, api } from '../api/client';
import { usePeople } from '../people/people-queries';
import { useSummary } from '../processes/process-queries';
import { StartRound } from '../processes/start-round';
import { isAtLeast, useMe } from '../shell/session';
import { stepsOf, type StepId } from './steps';

/** Leads an admin from nothing to the first question; gone when that was asked, or when it is put away. */
export function FirstSteps() {
  const me = useMe();
  const [isAway, setAway] = useLocalStorage({
    key: 'recert.first-steps-away',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  if (isAway || !isAtLeast(me, 'admin')) return null;
  return <Steps putAway={() => setAway(true)} />;
}

function Steps({ putAway }: { readonly putAway: () => void }) {
  const summary = useSummary();
  const people = usePeople();
  const sessions = useQuery({
    queryKey: ['sessions', 'first'],
    queryFn: () => answerOf(api.GET('/api/sessions', { params: { query: { limit: 1000 } } })),
  });
  const isKnown = summary.data !== undefined && people.data !== undefined && sessions.data !== undefined;
  const steps = isKnown ? stepsOf({ summary: summary.data, people: people.data, sessions: sessions.data.items }) : null;
  const isOver = steps !== null && steps.every(({ isDone }) => isDone);
  useEffect(() => {
    // Once it is over nobody asks for people and sessions again only to show nothing.
    if (isOver) putAway();
  }, [isOver, putAway]);
  if (steps === null || isOver) return null;
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-label="First steps">
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={2} size="h4">
            Four steps to the first question
          </Title>
          <CloseButton aria-label="Put the first steps away" onClick={putAway} />
        </Group>
        <List listStyleType="none" spacing="sm" styles={{ itemWrapper: { width: '100%' }, itemLabel: { flexGrow: 1 } }}>
          {steps.map(({ id, isDone }) => (
            <List.Item key={id} icon={<Mark isDone={isDone} />}>
              <StepLine id={id} isDone={isDone} />
            </List.Item>
          ))}
        </List>
      </Stack>
    </Paper>
  );
}

function Mark({ isDone }: { readonly isDone: boolean }) {
  return (
    <ThemeIcon size="sm" radius="xl" variant="light" color={isDone ? 'teal' : 'gray'}>
      {isDone ? <IconCheck size={14} aria-label="done" /> : <IconCircle size={14} aria-label="open" />}
    </ThemeIcon>
  );
}

const SAYS: Readonly<Record<StepId, { readonly title: string; readonly says: string; readonly button: ReactNode }>> = {
  library: {
    title: 'Import your library',
    says: 'One Markdown file with a list of your processes is enough to begin.',
    button: <To page="/settings?show=library" label="Import the library" />,
  },
  owners: {
    title: 'Let processes be owned by people',
    says: 'An owner: line under the heading of a process names who is asked about it; so does Edit on its page.',
    button: <To page="/processes?owned=false&documented=true" label="See those without an owner" />,
  },
  people: {
    title: 'Link somebody with Telegram',
    says: 'An invitation links their account; they answer there with two taps, or log in here by the bot.',
    button: <To page="/people" label="Invite people" />,
  },
  question: {
    title: 'Ask the first question',
    says: 'Recert asks by itself when a process is due. A round asks about everything now.',
    button: <StartRound filters={{}} />,
  },
};

function StepLine({ id, isDone }: { readonly id: StepId; readonly isDone: boolean }) {
  const { title, says, button } = SAYS[id];
  return (
    <Group justify="space-between" gap="xs">
      <Stack gap={0} style={{ flex: '1 1 220px' }}>
        <Text size="sm" fw={600} {...(isDone ? { c: 'dimmed', td: 'line-through' } : {})}>
          {title}
        </Text>
        {!isDone && (
          <Text size="sm" c="dimmed">
            {says}
          </Text>
        )}
      </Stack>
      {!isDone && button}
    </Group>
  );
}

function To({ page, label }: { readonly page: string; readonly label: string }) {
  return (
    <Button component={Link} to={page} variant="default">
      {label}
    </Button>
  );
}
