import { Badge, Group, List, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schema } from '../api/client';
import { Fetched } from '../shell/fetched';
import { moment } from '../shell/moment';

const REASONS: Readonly<Record<string, string>> = {
  'first-review': 'first review',
  'period-over': 'its period was over',
  asked: 'somebody asked',
  campaign: 'a round',
  'record-edited': 'its record was edited',
  'record-updated': 'its record was updated',
  'owner-changed': 'it got another owner',
  'not-updated': 'the update did not come',
  incident: 'an incident',
  reported: 'a reader reported it as outdated',
};

export function reasonText(reason: string): string {
  return REASONS[reason] ?? reason;
}

/** Who was asked when, how often, and what they said: the evidence. */
export function ReviewList({ id }: { readonly id: string }) {
  const reviews = useQuery({
    queryKey: ['process', id, 'reviews'],
    queryFn: () =>
      answerOf(api.GET('/api/processes/{id}/reviews', { params: { path: { id }, query: { limit: 100 } } })),
  });
  return (
    <Fetched query={reviews}>
      {({ items }) => (
        <Stack gap="sm">
          {items.length === 0 && <Text>Nobody was asked about it yet.</Text>}
          {items.map((review) => (
            <Review key={review.id} review={review} />
          ))}
        </Stack>
      )}
    </Fetched>
  );
}

function Review({ review }: { readonly review: Schema<'ReviewView'> }) {
  const { reason, openedAt, askedBy, reminders, closedAt, outcome, responses } = review;
  return (
    <Paper withBorder p="sm" radius="md">
      <Group justify="space-between">
        <Text fw={600} size="sm">
          {moment(openedAt)}: {reasonText(reason)}
          {askedBy !== null && `, asked by ${askedBy}`}
        </Text>
        <Badge variant="light" color={closedAt === null ? 'yellow' : 'teal'}>
          {closedAt === null ? 'open' : (outcome ?? 'closed')}
        </Badge>
      </Group>
      <Text size="xs" c="dimmed">
        {reminders === 0 ? 'not reminded' : `reminded ${reminders} times`}
        {closedAt !== null && `, closed ${moment(closedAt)}`}
      </Text>
      {responses.length > 0 && (
        <List size="sm" mt="xs">
          {responses.map((response, index) => (
            <List.Item key={index}>{sentenceOf(response)}</List.Item>
          ))}
        </List>
      )}
    </Paper>
  );
}

function sentenceOf({
  answer,
  by,
  standing,
  channel,
  at,
  recordOpened,
  refused,
}: Schema<'ReviewView'>['responses'][number]): string {
  const looked = recordOpened === null ? '' : recordOpened ? ', after a look at the record' : ', without a look';
  const taken = refused === null ? '' : `. Not taken: ${refused}`;
  return `${moment(at)}: ${by} (${standing}) said “${answer}” over ${channel}${looked}${taken}`;
}
