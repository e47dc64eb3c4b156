import { Anchor, Group, Paper, Select, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { HubTabs } from '../hub/hub-tabs';
import { Page } from '../shell/page';
import { Paged } from '../shell/paged';
import { SearchField } from '../shell/search-field';
import { isAtLeast, useMe } from '../shell/session';
import { useAddress } from '../shell/use-address';
import { When } from '../shell/when';
import { RegisterTask } from './register-task';
import { TaskBadge } from './task-badge';
import { taskFiltersOf } from './task-filters';
import { useTasks, type Task } from './task-queries';
import { triggerText } from './task-text';

/** Whatever runs by itself: of the services, of modules of one's own, and outside. */
export function Component() {
  const [params] = useAddress();
  const me = useMe();
  const tasks = useTasks(taskFiltersOf(params));
  return (
    <Page title="Tasks" actions={isAtLeast(me, 'owner') && <RegisterTask />}>
      <HubTabs />
      <Filters />
      <Paged pages={tasks} height={300}>
        {(items) =>
          items.length === 0 ? (
            <Text>
              No task is like that. Register what runs by itself, such as a cron job or a workflow: it reports with one
              line of curl, and its owner hears when it does not.
            </Text>
          ) : (
            <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
              {items.map((task) => (
                <Line key={task.id} task={task} />
              ))}
            </Stack>
          )
        }
      </Paged>
    </Page>
  );
}

function Filters() {
  const [params, change] = useAddress();
  const { state, service, q } = taskFiltersOf(params);
  return (
    <Group gap="xs" role="search">
      <SearchField placeholder="Search" text={q} search={(text) => change({ q: text })} />
      <Select
        aria-label="State"
        placeholder="All states"
        data={['up', 'down', 'off']}
        value={state ?? null}
        clearable
        w={140}
        onChange={(one) => change({ state: one })}
      />
      <Select
        aria-label="Service"
        placeholder="All services"
        data={['outside', 'registry', 'scheduler', 'notifier', 'kpi-ingest', 'alert-relay']}
        value={service ?? null}
        clearable
        w={160}
        onChange={(one) => change({ service: one })}
      />
    </Group>
  );
}

function Line({ task }: { readonly task: Task }) {
  const { id, name, service, owner, lastHeardAt, trouble } = task;
  return (
    <Paper component="li" withBorder p="sm" radius="md">
      <Group justify="space-between" gap="xs" style={{ overflowWrap: 'anywhere' }}>
        <Stack gap={2} style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Anchor component={Link} to={`/tasks/${encodeURIComponent(id)}`} fw={600}>
              {name}
            </Anchor>
            <TaskBadge task={task} />
          </Group>
          <Text size="sm" c="dimmed" component="div">
            {service} · {triggerText(task)}
            {owner !== null && ` · ${owner}`}
            {lastHeardAt !== null && ' · last heard '}
            {lastHeardAt !== null && <When at={lastHeardAt} c="dimmed" />}
          </Text>
          {trouble !== null && (
            <Text size="sm" component="div">
              {trouble.why} since <When at={trouble.since} />
            </Text>
          )}
        </Stack>
      </Group>
    </Paper>
  );
}
