import { Badge, Group, List, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schema } from '../api/client';
import { Failure } from '../shell/failure';
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
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['process', id, 'reviews'],
    queryFn: () =>
      answerOf(api.GET('/api/processes/{id}/reviews', { params: { path: { id }, query: { limit: 100 } } })),
  });
  if (isPending) return <Skeleton h={200} aria-label="Loading" />;
  if (data === undefined) return <Failure error={error} again={refetch} />;
  if (data.items.length === 0) return <Text>Nobody was asked about it yet.</Text>;
  return (
    <Stack gap="sm">
      {data.items.map((review) => (
        <Review key={review.id} review={review} />
      ))}
    </Stack>
  );
}

function Review({ review }: { readonly review: Schema<'ReviewView'> }) {
  const { reason, openedAt, reminders, closedAt, outcome, responses } = review;
  return (
    <Paper withBorder p="sm" radius="md">
      <Group justify="space-between">
        <Text fw={600} size="sm">
          {moment(openedAt)}: {reasonText(reason)}
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
