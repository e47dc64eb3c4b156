import { Anchor, Badge, Group, Paper, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { answerOf, api, type Schema } from '../api/client';
import { usePages } from '../api/pages';
import { Paged } from '../shell/paged';
import { When } from '../shell/when';

type Release = Schema<'ReleaseView'>;

const PAGE = 50;
const COMMIT_DIGITS = 7;

const STATES: Readonly<Record<Release['state'], { readonly color: string; readonly text: string }>> = {
  started: { color: 'blue', text: 'under way' },
  deployed: { color: 'teal', text: 'deployed' },
  failed: { color: 'red', text: 'failed' },
  'rolled-back': { color: 'orange', text: 'rolled back' },
};

interface Props {
  /** Whose releases: of a product, or those that are evidence of a process; all where neither is given. */
  readonly of?: { readonly product?: string; readonly process?: string };
  /** What is said where there is none. */
  readonly none: string;
}

/** What was released, newest first. */
export function ReleaseList({ of = {}, none }: Props) {
  const releases = usePages(['releases', of], (begin) =>
    answerOf(api.GET('/api/releases', { params: { query: { ...of, limit: PAGE, ...begin } } })),
  );
  return (
    <Paged pages={releases}>
      {(items) =>
        items.length === 0 ? (
          <Text>{none}</Text>
        ) : (
          <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
            {items.map((release) => (
              <ReleaseCard key={release.id} release={release} />
            ))}
          </Stack>
        )
      }
    </Paged>
  );
}

function ReleaseCard({ release }: { readonly release: Release }) {
  const { name, state, at, log, url, process } = release;
  const { color, text } = STATES[state];
  return (
    <Paper component="li" withBorder p="sm" radius="md">
      <Stack gap={4} style={{ overflowWrap: 'anywhere' }}>
        <Group gap="xs">
          <Badge size="sm" variant="light" color={color}>
            {text}
          </Badge>
          <Text fw={600}>{release.release === null ? name : `${name} ${release.release}`}</Text>
        </Group>
        <Text size="sm" c="dimmed" component="div">
          <When at={at} c="dimmed" />
          {factsOf(release)}
          {url !== null && /^https?:/.test(url) && (
            <>
              {' · '}
              <Anchor href={url} target="_blank" rel="noreferrer" size="sm" underline="always">
                at its source
              </Anchor>
            </>
          )}
          {process !== null && (
            <>
              {' · evidence of '}
              <Anchor component={Link} to={`/processes/${encodeURIComponent(process)}`} size="sm" underline="always">
                its process
              </Anchor>
            </>
          )}
        </Text>
        {log !== null && (
          <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
            {log}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

function factsOf({ environment, by, commit }: Release): string {
  const facts = [
    ...(environment === null ? [] : [`to ${environment}`]),
    ...(by === null ? [] : [`by ${by}`]),
    ...(commit === null ? [] : [`commit ${commit.slice(0, COMMIT_DIGITS)}`]),
  ];
  return facts.map((fact) => ` · ${fact}`).join('');
}
