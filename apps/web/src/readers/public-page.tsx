import { Alert, Badge, Button, Container, Group, Skeleton, Stack, Text, Textarea, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useParams } from 'react-router';
import { answerOf, api, ProblemError, type Schema } from '../api/client';
import { useChange } from '../api/use-change';
import { Record } from '../records/record';
import { Failure } from '../shell/failure';
import { day } from '../shell/moment';

/** What a reader outside sees of a process: the record, and whether somebody stands behind it. */
export function Component() {
  const { id = '' } = useParams();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['public', id],
    queryFn: () => answerOf(api.GET('/api/public/{id}', { params: { path: { id } } })),
  });
  return (
    <Container component="main" size="md" py="lg">
      {isPending ? (
        <Skeleton h={400} aria-label="Loading" />
      ) : data !== undefined ? (
        <Shown id={id} page={data} />
      ) : error instanceof ProblemError && error.status === 404 ? (
        <Title order={1}>There is no such page</Title>
      ) : (
        <Failure error={error} again={refetch} />
      )}
    </Container>
  );
}

function Shown({ id, page }: { readonly id: string; readonly page: Schema<'PublicView'> }) {
  const { name, section, certified, certifiedAt, certifiedUntil, certifiedBy, record } = page;
  useEffect(() => {
    document.title = name;
  }, [name]);
  return (
    <Stack gap="md">
      <Text c="dimmed">{section}</Text>
      <Title order={1}>{name}</Title>
      <Group gap="xs">
        <Badge color={certified ? 'teal' : 'orange'} variant="light" size="lg">
          {certified ? 'certified' : 'not certified'}
        </Badge>
        <Text size="sm">
          {certifiedAt === null
            ? 'Nobody has certified it yet.'
            : `${certifiedBy} certified it on ${day(certifiedAt)}${certifiedUntil === null ? '; it is being reviewed' : `, until ${day(certifiedUntil)}`}.`}
        </Text>
      </Group>
      <Record markdown={record} />
      <ReportOutdated id={id} />
    </Stack>
  );
}

function ReportOutdated({ id }: { readonly id: string }) {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  const reporting = useChange({
    change: () => answerOf(api.POST('/api/public/{id}/outdated', { params: { path: { id } }, body: { text } })),
    done: null,
    touches: [],
  });
  if (reporting.isSuccess) {
    return (
      <Alert color="teal" role="status">
        Thank you. Its owner is asked to look at it.
      </Alert>
    );
  }
  if (!isOpen) {
    return (
      <Group>
        <Button variant="default" onClick={() => setOpen(true)}>
          Report as outdated
        </Button>
      </Group>
    );
  }
  return (
    <Stack gap="xs">
      <Textarea
        label="What is outdated?"
        description="You need not say it. Nothing about you is kept."
        maxLength={2000}
        autosize
        minRows={2}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <Group>
        <Button loading={reporting.isPending} onClick={() => reporting.mutate(undefined)}>
          Report
        </Button>
      </Group>
    </Stack>
  );
}
