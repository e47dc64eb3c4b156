import { Badge, Button, Group, Modal, Paper, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { answerOf, api, type Schema } from '../api/client';
import { usePages } from '../api/pages';
import { useChange } from '../api/use-change';
import { Paged } from '../shell/paged';
import { When } from '../shell/when';
import { MakeToken } from './make-token';
import { scopeText } from './scopes';

type Token = Schema<'TokenListView'>;

/** What programs prove themselves with. */
export function Tokens() {
  const pages = usePages(['tokens'], (begin) =>
    answerOf(api.GET('/api/tokens', { params: { query: { limit: 100, ...begin } } })),
  );
  return (
    <Paged pages={pages}>
      {(tokens) => (
        <Stack>
          <Group justify="space-between">
            <Text size="sm">Programs and scripts send a token. Each opens only what it was made for.</Text>
            <MakeToken />
          </Group>
          {tokens.length === 0 && (
            <Text>
              There is no token yet. Make one for the pipeline that imports your library, for a product that reports its
              KPIs, or for a monitor that sends its alerts. A product has its own from the moment it is registered.
            </Text>
          )}
          <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
            {tokens.map((token) => (
              <Line key={token.id} token={token} />
            ))}
          </Stack>
        </Stack>
      )}
    </Paged>
  );
}

function LastUse({ token: { lastUsedAt } }: { readonly token: Token }) {
  return <When at={lastUsedAt} never="never" c="dimmed" />;
}

function Line({ token }: { readonly token: Token }) {
  const { name, scopes, product, createdAt, revokedAt } = token;
  return (
    <Paper component="li" withBorder p="sm" radius="md">
      <Group justify="space-between" gap="sm">
        <Stack gap={4} style={{ overflowWrap: 'anywhere' }}>
          <Group gap="xs">
            <Text fw={600} {...(revokedAt === null ? {} : { td: 'line-through', c: 'dimmed' })}>
              {name}
            </Text>
            {scopes.map((scope) => (
              <Badge key={scope} variant="outline" color="gray" tt="none" title={scopeText(scope)}>
                {scope}
              </Badge>
            ))}
          </Group>
          <Text size="sm" c="dimmed" component="div">
            {product !== null && `of ${product} · `}made <When at={createdAt} c="dimmed" /> · last used:{' '}
            <LastUse token={token} />
            {revokedAt !== null && ' · revoked '}
            {revokedAt !== null && <When at={revokedAt} c="dimmed" />}
          </Text>
        </Stack>
        {revokedAt === null && <Revoke token={token} />}
      </Group>
    </Paper>
  );
}

function Revoke({ token }: { readonly token: Token }) {
  const { id, name } = token;
  const [opened, { open, close }] = useDisclosure();
  const revoking = useChange({
    change: () => answerOf(api.DELETE('/api/tokens/{id}', { params: { path: { id } } })),
    done: () => `“${name}” opens nothing any more.`,
    touches: ['tokens'],
  });
  return (
    <>
      <Button variant="default" size="xs" aria-label={`Revoke ${name}`} onClick={open}>
        Revoke
      </Button>
      <Modal opened={opened} onClose={close} title={`Revoke “${name}”`}>
        <Stack>
          <Text size="sm">
            Last used: <LastUse token={token} />.
          </Text>
          <Text size="sm">Whatever sends it is refused from now on. This cannot be undone.</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button
              color="red"
              loading={revoking.isPending}
              onClick={() => revoking.mutate(undefined, { onSuccess: close })}
            >
              Revoke
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
