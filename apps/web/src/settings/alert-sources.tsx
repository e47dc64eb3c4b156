import { Button, Code, Modal, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode } from 'react';
import { CopyField } from '../shell/copy-field';
import { curl, EXAMPLE_ALERT } from './curl';
import { useMakeToken } from './make-token';
import { ALERT_SOURCES } from './scopes';
import { ShownToken } from './shown-token';

type Source = (typeof ALERT_SOURCES)[number];

const SOURCES: Readonly<Record<Source, { readonly name: string; readonly says: ReactNode }>> = {
  generic: { name: 'A script of your own', says: 'Anything that can send JSON. The same key is the same alert.' },
  alertmanager: {
    name: 'Prometheus Alertmanager',
    says: (
      <>
        A receiver with <Code>webhook_configs</Code>: this address as <Code>url</Code>, and the token in{' '}
        <Code style={{ whiteSpace: 'normal' }}>http_config.authorization.credentials</Code>.
      </>
    ),
  },
  grafana: {
    name: 'Grafana',
    says: (
      <>
        A contact point of the type Webhook: this address, the authorization scheme <Code>Bearer</Code>, and the token
        as its credentials.
      </>
    ),
  },
  'uptime-kuma': {
    name: 'Uptime Kuma',
    says: (
      <>
        A notification of the type Webhook: this address with <Code>?token=</Code> and the token behind it, and JSON as
        its body.
      </>
    ),
  },
};

/** Where alerts are sent to, and what proves who sends them. */
export function AlertSources() {
  const { origin } = window.location;
  return (
    <Stack>
      <Text size="sm">
        Monitors send their alerts to these addresses, and Recert tells whoever looks after the product, once for each
        alert. The token of a product opens them, too, and says whose alert it is.
      </Text>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Sentry origin={origin} />
        {ALERT_SOURCES.map((source) => (
          <SourceCard key={source} source={source} address={`${origin}/hooks/alerts/${source}`} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

function Sentry({ origin }: { readonly origin: string }) {
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="sm">
        <Title order={2} size="h4">
          Sentry
        </Title>
        <Text size="sm">
          An internal integration with this webhook URL and <em>Alert Rule Action</em> switched on. It signs what it
          sends: no token, but its client secret as <Code>SENTRY_CLIENT_SECRET</Code> where Recert is started.
        </Text>
        <CopyField label="Address" text={`${origin}/hooks/sentry`} />
      </Stack>
    </Paper>
  );
}

function SourceCard({ source, address }: { readonly source: Source; readonly address: string }) {
  const { name, says } = SOURCES[source];
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="sm" align="stretch">
        <Title order={2} size="h4">
          {name}
        </Title>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {says}
        </Text>
        <CopyField label="Address" text={address} />
        {source === 'generic' && (
          <CopyField label="Try it in a shell" text={curl({ to: address, token: 'YOUR_TOKEN', body: EXAMPLE_ALERT })} />
        )}
        <TokenFor source={source} />
      </Stack>
    </Paper>
  );
}

function TokenFor({ source }: { readonly source: Source }) {
  const [opened, { open, close }] = useDisclosure();
  const making = useMakeToken();
  const { name } = SOURCES[source];
  const make = (): void =>
    making.mutate({ name: `Alerts of ${source}`, scopes: [`alerts:${source}`] }, { onSuccess: open });
  return (
    <>
      <Button
        variant="light"
        style={{ alignSelf: 'flex-start' }}
        aria-label={`Make a token for ${name}`}
        loading={making.isPending}
        onClick={make}
      >
        Make a token
      </Button>
      {making.error !== null && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {making.error.message}
        </Text>
      )}
      <Modal opened={opened} onClose={close} title={`Token for ${name}`} size="lg" closeOnClickOutside={false}>
        {making.data !== undefined && <ShownToken made={making.data} close={close} />}
      </Modal>
    </>
  );
}
