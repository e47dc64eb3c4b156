import { Anchor, Badge, Button, Code, Group, Modal, Stack, Table, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { HubTabs } from '../hub/hub-tabs';
import { CopyField } from '../shell/copy-field';
import { Fetched } from '../shell/fetched';
import { Page } from '../shell/page';
import { mayChange, useMe } from '../shell/session';
import { When } from '../shell/when';
import { GiveTask } from './give-task';
import { TaskBadge } from './task-badge';
import { useRetireTask, useTask, type TaskDetail } from './task-queries';
import { expectedText, reportCommand, runNameOf, triggerText } from './task-text';

const STATUSES: Readonly<Record<string, string>> = { start: 'blue', success: 'teal', fail: 'red' };

/** One task: what it is, how it does, and what it has reported. */
export function Component() {
  const { id = '' } = useParams();
  return (
    <Fetched query={useTask(id)} height={400}>
      {(task) => <Shown task={task} />}
    </Fetched>
  );
}

function Shown({ task }: { readonly task: TaskDetail }) {
  const isTheirs = mayChange(useMe(), task.owner);
  const isOutside = task.service === 'outside';
  return (
    <Page
      title={task.name}
      actions={
        isTheirs && (
          <>
            <GiveTask task={task} />
            {isOutside && task.state !== 'off' && <Retire task={task} />}
          </>
        )
      }
    >
      <HubTabs />
      <Group gap="xs">
        <TaskBadge task={task} />
        <Anchor component={Link} to={`/runs?name=${encodeURIComponent(runNameOf(task))}`} size="sm">
          Its runs
        </Anchor>
        {task.processId !== null && (
          <Anchor component={Link} to={`/processes/${encodeURIComponent(task.processId)}`} size="sm">
            Its process
          </Anchor>
        )}
      </Group>
      <Facts task={task} />
      {task.hook !== null && <CopyField label="Report it in a shell" text={reportCommand(task.hook, null)} />}
      <Reports task={task} />
    </Page>
  );
}

function Facts({ task }: { readonly task: TaskDetail }) {
  const { id, service, owner, emits, expectedBy, lastSuccessAt, trouble } = task;
  const rows: readonly (readonly [string, ReactNode])[] = [
    ['Id', <Code key="id">{id}</Code>],
    ['Runs in', service === 'outside' ? 'some place outside' : service],
    ['Owner', owner ?? 'nobody'],
    ['Runs', triggerText(task)],
    ['Says', emits.length === 0 ? 'nothing on the bus' : emits.join(', ')],
    ['Is expected', expectedText(task)],
    ['Next by', <When key="next" at={expectedBy} never="no time" />],
    ['Last success', <When key="last" at={lastSuccessAt} never="never" />],
    ...(trouble === null
      ? []
      : [
          [
            'Down',
            <span key="down">
              {trouble.why} since <When at={trouble.since} />
            </span>,
          ] as const,
        ]),
  ];
  return (
    <Table variant="vertical" layout="fixed" withTableBorder>
      <Table.Tbody>
        {rows.map(([label, value]) => (
          <Table.Tr key={label}>
            <Table.Th w={140}>{label}</Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Reports({ task: { reports, service } }: { readonly task: TaskDetail }) {
  return (
    <Stack gap="xs" component="section" aria-label="Reports">
      <Title order={2} size="h4">
        Reports
      </Title>
      {reports.length === 0 && (
        <Text size="sm">
          {service === 'outside'
            ? 'It has not reported yet.'
            : 'What a service runs itself does not report: its runs say how it does.'}
        </Text>
      )}
      {reports.map(({ id, status, at, log }) => (
        <Stack key={id} gap={4}>
          <Group gap="xs">
            <Badge size="sm" variant="light" color={STATUSES[status] ?? 'gray'}>
              {status}
            </Badge>
            <Text size="sm" component="div">
              <When at={at} />
            </Text>
          </Group>
          {log !== null && (
            <Code block style={{ maxHeight: 240, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} tabIndex={0}>
              {log}
            </Code>
          )}
        </Stack>
      ))}
    </Stack>
  );
}

function Retire({ task }: { readonly task: TaskDetail }) {
  const [opened, { open, close }] = useDisclosure();
  const retiring = useRetireTask(task);
  return (
    <>
      <Button variant="subtle" color="red" onClick={open}>
        Take away
      </Button>
      <Modal opened={opened} onClose={close} title={`Take ${task.name} away`}>
        <Stack>
          <Text>
            Nothing is expected of it any more, its tokens open nothing, and its process is retired. What it has
            reported stays.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button
              color="red"
              loading={retiring.isPending}
              onClick={() => retiring.mutate(undefined, { onSuccess: close })}
            >
              Take it away
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
