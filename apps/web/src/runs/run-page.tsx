import { Group, Paper, Stack, Text } from '@mantine/core';
import { useParams } from 'react-router';
import { HubTabs } from '../hub/hub-tabs';
import { Fetched } from '../shell/fetched';
import { Page } from '../shell/page';
import { When } from '../shell/when';
import { RunBadge } from './run-badge';
import { tookText } from './run-filters';
import { useRun, type RunStep } from './run-queries';

/** In pixels: how far a step stands to the right of the one that it followed from. */
const INDENT = 20;
/** Deeper ones stand below one another, so that they can be read on a phone. */
const DEEPEST = 6;

const KINDS: Readonly<Record<RunStep['kind'], string>> = {
  webhook: 'came in',
  event: 'was said',
  handler: 'handled it',
  message: 'message',
};

/** One run: each step below the one that it followed from. */
export function Component() {
  const { id = '' } = useParams();
  return (
    <Fetched query={useRun(id)} height={400}>
      {(run) => (
        <Page title={run.name}>
          <HubTabs />
          <Group gap="xs">
            <RunBadge state={run.state} />
            <Text size="sm" c="dimmed" component="div">
              began <When at={run.startedAt} c="dimmed" /> · {run.steps === 1 ? '1 step' : `${run.steps} steps`} ·{' '}
              {tookText(Date.parse(run.lastAt) - Date.parse(run.startedAt))} to its last one
            </Text>
          </Group>
          <Stack component="ol" gap={6} m={0} p={0} style={{ listStyle: 'none' }} aria-label="Steps">
            {run.tree.map((step) => (
              <Step key={step.key} step={step} began={run.startedAt} />
            ))}
          </Stack>
          {!run.isWhole && <Text size="sm">These are not all steps: there are too many to show.</Text>}
        </Page>
      )}
    </Fetched>
  );
}

function Step({ step, began }: { readonly step: RunStep; readonly began: string }) {
  const { kind, name, depth, at, tookMs, attempts, state, error } = step;
  const afterMs = Math.max(0, Date.parse(at) - Date.parse(began));
  return (
    <Paper
      component="li"
      withBorder
      p="xs"
      radius="sm"
      ml={Math.min(depth, DEEPEST) * INDENT}
      style={{ overflowWrap: 'anywhere' }}
    >
      <Group gap="xs">
        {state !== 'done' && <RunBadge state={state} />}
        <Text size="sm" fw={500}>
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          {KINDS[kind]} · + {tookText(afterMs)}
          {tookMs !== null && ` · took ${tookText(tookMs)}`}
          {attempts > 1 && ` · ${attempts} attempts`}
        </Text>
      </Group>
      {error !== null && <Text size="sm">{error}</Text>}
    </Paper>
  );
}
