import { Anchor, Button, Group, Paper, Select, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { HubTabs } from '../hub/hub-tabs';
import { Page } from '../shell/page';
import { Paged } from '../shell/paged';
import { SearchField } from '../shell/search-field';
import { useAddress } from '../shell/use-address';
import { When } from '../shell/when';
import { RunBadge } from './run-badge';
import { RUN_STATES, runFiltersOf } from './run-filters';
import { useRuns, type Run } from './run-queries';

/** The whole way of each fact: what came in, what was made of it, and what went out. */
export function Component() {
  const [params] = useAddress();
  return (
    <Page title="Runs">
      <HubTabs />
      <Filters />
      <Paged pages={useRuns(runFiltersOf(params))} height={300}>
        {(runs) =>
          runs.length === 0 ? (
            <Text>There is no such run. Whatever happens here is one: a webhook, an answer, a time that has come.</Text>
          ) : (
            <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
              {runs.map((run) => (
                <Line key={run.id} run={run} />
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
  const { state, name, q } = runFiltersOf(params);
  return (
    <Group gap="xs" role="search">
      <SearchField placeholder="A name, an error or an id" text={q} search={(text) => change({ q: text })} />
      <Select
        aria-label="State"
        placeholder="All states"
        data={[...RUN_STATES]}
        value={state ?? null}
        clearable
        w={140}
        onChange={(one) => change({ state: one })}
      />
      {name !== undefined && (
        <Button variant="light" onClick={() => change({ name: null })} aria-label={`Not only ${name}`}>
          {name} ×
        </Button>
      )}
    </Group>
  );
}

function Line({ run }: { readonly run: Run }) {
  const { id, name, kind, startedAt, steps, state, error } = run;
  return (
    <Paper component="li" withBorder p="sm" radius="md">
      <Stack gap={2} style={{ overflowWrap: 'anywhere' }}>
        <Group gap="xs">
          <Anchor component={Link} to={`/runs/${encodeURIComponent(id)}`} fw={600}>
            {name}
          </Anchor>
          <RunBadge state={state} />
        </Group>
        <Text size="sm" c="dimmed" component="div">
          {kind} · <When at={startedAt} c="dimmed" /> · {steps === 1 ? '1 step' : `${steps} steps`}
        </Text>
        {error !== null && <Text size="sm">{error}</Text>}
      </Stack>
    </Paper>
  );
}
