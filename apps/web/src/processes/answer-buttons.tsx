import { useQueryClient } from '@tanstack/react-query';
import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { answerOf, api, type Schema } from '../api/client';
import { useChange } from '../api/use-change';
import { wasOpened } from '../records/opened-records';

type Answer = 'correct' | 'needs-update' | 'not-mine' | 'later';

interface Asked {
  readonly id: string;
  readonly name: string;
  /** The open review; null where nobody has asked. */
  readonly reviewId: string | null;
}

/** In the words of the message in Telegram. */
const ANSWERS: readonly { readonly answer: Answer; readonly label: string; readonly colour: string }[] = [
  { answer: 'correct', label: 'No, it is correct', colour: 'teal' },
  { answer: 'needs-update', label: 'Yes, I will update it', colour: 'blue' },
  { answer: 'not-mine', label: 'Not mine', colour: 'gray' },
  { answer: 'later', label: 'Later', colour: 'gray' },
];

const DONE: Readonly<Record<Answer, string>> = {
  correct: 'is certified.',
  'needs-update': 'waits for your update; you are asked once more when its record has changed.',
  'not-mine': 'was given back; an admin finds its owner.',
  later: 'is asked about again later.',
};

export function useAnswer() {
  const queries = useQueryClient();
  return useChange({
    change: async ({ id, reviewId, answer }: Asked & { readonly answer: Answer }) => {
      const body = { answer, recordOpened: wasOpened(id), ...(reviewId === null ? {} : { reviewId }) };
      const answered = await answerOf(api.POST('/api/processes/{id}/response', { params: { path: { id } }, body }));
      // The notifier hears of it a moment later: until then it would still list the question.
      queries.setQueryData<Inbox>(['inbox'], (inbox) => inbox && without(inbox, id));
      return answered;
    },
    done: (_, { name, answer }) => `“${name}” ${DONE[answer]}`,
    touches: ['process', 'processes', 'rounds'],
  });
}

interface Inbox {
  readonly items: readonly Schema<'InboxItem'>[];
}

function without(inbox: Inbox, processId: string): Inbox {
  return { ...inbox, items: inbox.items.filter((item) => item.processId !== processId) };
}

/** The four answers to "Do you need to update it?". */
export function Answers({ asked, offers }: { readonly asked: Asked; readonly offers: readonly Answer[] }) {
  const answering = useAnswer();
  return (
    <Group gap="xs">
      {ANSWERS.filter(({ answer }) => offers.includes(answer)).map(({ answer, label, colour }) => (
        <Button
          key={answer}
          color={colour}
          variant={answer === 'correct' ? 'filled' : 'light'}
          loading={answering.isPending && answering.variables.answer === answer}
          disabled={answering.isPending}
          onClick={() => answering.mutate({ ...asked, answer })}
        >
          {label}
        </Button>
      ))}
    </Group>
  );
}

/** The question on a process's own page; without an open one, it can be certified or declared outdated all the same. */
export function AnswerButtons({ process }: { readonly process: Schema<'ProcessDetail'> }) {
  const isAsked = process.review?.open === true;
  const asked = { id: process.id, name: process.name, reviewId: isAsked ? process.review!.id : null };
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="sm">
        <Text fw={600}>
          {isAsked ? 'Review your process description. Do you need to update it?' : 'Does it need an update?'}
        </Text>
        <Answers
          asked={asked}
          offers={isAsked ? ['correct', 'needs-update', 'not-mine', 'later'] : ['correct', 'needs-update']}
        />
      </Stack>
    </Paper>
  );
}
