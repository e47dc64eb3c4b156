import { Anchor, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { answerOf, api, type Schema } from '../api/client';
import { Answers } from '../processes/answer-buttons';
import { reasonText } from '../processes/review-list';
import { noteOpened } from '../records/opened-records';
import { Fetched } from '../shell/fetched';
import { Page } from '../shell/page';
import { isAtLeast, useMe } from '../shell/session';
import { When } from '../shell/when';

/** The questions that wait, answered here exactly as in Telegram. */
export function Component() {
  const me = useMe();
  return (
    <Page title="My inbox">
      {isAtLeast(me, 'owner') ? (
        <Inbox />
      ) : (
        <Text>You own nothing, so nothing is asked of you. An admin can give you a process or a product.</Text>
      )}
    </Page>
  );
}

function Inbox() {
  const inbox = useQuery({
    queryKey: ['inbox'],
    queryFn: () => answerOf(api.GET('/api/inbox')),
  });
  return <Fetched query={inbox}>{({ items }) => <Questions questions={items} />}</Fetched>;
}

function Questions({ questions }: { readonly questions: readonly Schema<'InboxItem'>[] }) {
  const me = useMe();
  if (questions.length === 0) {
    return (
      <Text>
        Nothing waits for {isAtLeast(me, 'admin') ? 'anybody' : 'you'}. When a process is due, its question comes here
        and to Telegram, whichever you answer first.
      </Text>
    );
  }
  return (
    <Stack component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {questions.map((question) => (
        <Question key={question.reviewId} question={question} />
      ))}
    </Stack>
  );
}

function Question({ question }: { readonly question: Schema<'InboxItem'> }) {
  const me = useMe();
  const { number, processId, reviewId, name, section, to, reason, reminder, askedAt, recordLink } = question;
  return (
    <Paper component="li" withBorder p="md" radius="md">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <Stack gap={2}>
            <Title order={2} size="h4">
              <Anchor component={Link} to={`/processes/${processId}`} inherit>
                {name}
              </Anchor>
            </Title>
            <Text size="sm" c="dimmed">
              {section} · question {number} · {reasonText(reason)} · asked <When at={askedAt} c="dimmed" />
              {to !== me.handle && ` · for ${to}`}
            </Text>
          </Stack>
          {reminder > 0 && (
            <Badge color="orange" variant="light">
              reminder {reminder}
            </Badge>
          )}
        </Group>
        <Text>Review your process description. Do you need to update it?</Text>
        <Group gap="xs">
          {recordLink !== null && (
            <Button
              component="a"
              href={recordLink}
              target="_blank"
              rel="noreferrer"
              variant="default"
              onClick={() => noteOpened(processId)}
              rightSection={<IconExternalLink size={14} aria-hidden />}
            >
              Open the record
            </Button>
          )}
          <Answers
            asked={{ id: processId, name, reviewId }}
            offers={['correct', 'needs-update', 'not-mine', 'later']}
          />
        </Group>
      </Stack>
    </Paper>
  );
}
