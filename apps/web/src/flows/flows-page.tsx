import { Anchor, Group, Select, Skeleton, Stack, Table, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Link } from 'react-router';
import { HubTabs } from '../hub/hub-tabs';
import { RunBadge } from '../runs/run-badge';
import { useLastSteps } from '../runs/run-queries';
import { Fetched } from '../shell/fetched';
import { Page } from '../shell/page';
import { useAddress } from '../shell/use-address';
import { When } from '../shell/when';
import { useAllTasks, type Task } from '../tasks/task-queries';
import { runNameOf, triggerText } from '../tasks/task-text';
import { flowChart } from './flow-chart';

const Flowchart = lazy(() => import('../records/flowchart'));

/** What triggers what, drawn from the tasks that are registered, and what each did last. */
export function Component() {
  const tasks = useAllTasks();
  return (
    <Page title="Flows">
      <HubTabs />
      <Fetched query={tasks} height={400}>
        {(all) => <Flows tasks={all.filter(({ state }) => state !== 'off')} />}
      </Fetched>
    </Page>
  );
}

function Flows({ tasks }: { readonly tasks: readonly Task[] }) {
  const [params, change] = useAddress();
  const services = [...new Set(tasks.map(({ service }) => service))].sort();
  const service = services.find((one) => one === params.get('service')) ?? null;
  if (tasks.length === 0)
    return <Text>No task is registered yet. The services say theirs a moment after they start.</Text>;
  return (
    <Stack>
      <Group>
        <Select
          aria-label="Service"
          placeholder="All services"
          data={services}
          value={service}
          clearable
          w={200}
          onChange={(one) => change({ service: one })}
        />
        <Text size="sm">
          {service === null
            ? 'Who says what to whom. Choose a service to see its tasks.'
            : 'Its tasks, what makes them run, and what they say.'}
        </Text>
      </Group>
      <Suspense fallback={<Skeleton h={300} />}>
        <Flowchart source={flowChart(tasks, service)} />
      </Suspense>
      <LastRuns tasks={tasks.filter((task) => service === null || task.service === service)} />
    </Stack>
  );
}

function LastRuns({ tasks }: { readonly tasks: readonly Task[] }) {
  const steps = useLastSteps();
  const last = new Map(steps.data?.items.map((step) => [step.name, step]));
  return (
    <Table.ScrollContainer minWidth={480}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Task</Table.Th>
            <Table.Th>Runs</Table.Th>
            <Table.Th>Last run</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tasks.map((task) => {
            const step = last.get(runNameOf(task));
            return (
              <Table.Tr key={task.id}>
                <Table.Td>
                  <Anchor component={Link} to={`/tasks/${encodeURIComponent(task.id)}`} size="sm">
                    {task.name}
                  </Anchor>
                  <Text size="xs" c="dimmed">
                    {task.service}
                  </Text>
                </Table.Td>
                <Table.Td>{triggerText(task)}</Table.Td>
                <Table.Td>
                  {step === undefined ? (
                    <When at={task.lastHeardAt} never="not seen yet" />
                  ) : (
                    <Group gap="xs">
                      <RunBadge state={step.state} />
                      <Anchor component={Link} to={`/runs/${encodeURIComponent(step.runId)}`} size="sm">
                        <When at={step.at} />
                      </Anchor>
                    </Group>
                  )}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
