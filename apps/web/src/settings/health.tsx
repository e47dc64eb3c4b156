import { Badge, Group, List, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schema } from '../api/client';
import { Failure } from '../shell/failure';
import { moment } from '../shell/moment';

type Ready = Schema<'ReadyView'>;

const AGAIN_MS = 10_000;

const STATUS: Readonly<Record<Ready['status'], { readonly colour: string; readonly says: string }>> = {
  ok: { colour: 'teal', says: 'Everything works.' },
  degraded: { colour: 'yellow', says: 'It works, but for what is marked below.' },
  unavailable: { colour: 'red', says: 'It cannot do its work: mend what is marked below.' },
};

/** What the services depend on, and whether it is there. */
export function Health() {
  const { data, error, isPending, dataUpdatedAt, refetch } = useQuery({
    queryKey: ['health'],
    queryFn: ready,
    refetchInterval: AGAIN_MS,
    staleTime: 0,
  });
  return (
    <Stack gap="sm" component="section" aria-label="Health">
      <Title order={2} size="h4">
        Health
      </Title>
      {isPending ? (
        <Skeleton h={120} aria-label="Loading" />
      ) : error !== null || data === undefined ? (
        <Failure error={error ?? new Error('The server said nothing.')} again={refetch} />
      ) : (
        <Checks ready={data} at={new Date(dataUpdatedAt).toISOString()} />
      )}
    </Stack>
  );
}

/** 503 says the same as 200: it is the answer, not a failure. */
async function ready(): Promise<Ready> {
  const call = api.GET('/health/ready');
  const { response, error } = await call.catch(() => ({ response: null, error: null }));
  if (response?.status === 503 && isReady(error)) return error;
  return answerOf(call);
}

function isReady(body: unknown): body is Ready {
  return typeof body === 'object' && body !== null && 'checks' in body;
}

/** What is wrong first; otherwise each time in the same place. */
function inOrder(checks: Ready['checks']): Ready['checks'] {
  return [...checks].sort((a, b) => Number(a.ok) - Number(b.ok) || a.name.localeCompare(b.name));
}

function Checks({ ready: { status, checks }, at }: { readonly ready: Ready; readonly at: string }) {
  const { colour, says } = STATUS[status];
  return (
    <>
      <Group gap="xs">
        <Badge color={colour} variant="light">
          {status}
        </Badge>
        <Text size="sm" role="status">
          {says}
        </Text>
      </Group>
      <List spacing={4} center aria-label="Checks">
        {inOrder(checks).map(({ name, ok, detail }) => (
          <List.Item
            key={name}
            icon={
              <ThemeIcon size="sm" radius="xl" variant="light" color={ok ? 'teal' : 'red'}>
                {ok ? <IconCheck size={12} aria-label="ok" /> : <IconX size={12} aria-label="not ok" />}
              </ThemeIcon>
            }
          >
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              <strong>{name}</strong> {detail}
            </Text>
          </List.Item>
        ))}
      </List>
      <Text size="xs" c="dimmed">
        As of {moment(at)}; asked again every 10 seconds.
      </Text>
    </>
  );
}
