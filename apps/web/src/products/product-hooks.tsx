import { Divider, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode } from 'react';
import { isAtLeast, mayChange, useMe } from '../shell/session';
import { CopyField } from '../shell/copy-field';
import { AnotherToken } from './another-token';
import { alertCurl, kpiCurl, sentryCurl } from './curl';
import { type Product } from './product-queries';
import { SendTestAlert } from './send-test-alert';
import { SendTestReport } from './send-test-report';
import { lastWeek } from './week';

/** How a product is connected: the addresses, what to type to try them, and what came of it. */
export function ProductHooks({ product }: { readonly product: Product }) {
  const me = useMe();
  const isAdmin = isAtLeast(me, 'admin');
  const { id, owner, hooks, sentryProject, week, active } = product;
  const mayTestKpis = mayChange(me, owner);
  const last = lastWeek(week.timezone, new Date());
  return (
    <Stack gap="md">
      <Group gap="xs">
        <Text size="sm">
          Everything is sent with the product’s token, in place of <code>$TOKEN</code>.
        </Text>
        {isAdmin && active && <AnotherToken id={id} />}
      </Group>
      <Hook title="Weekly KPIs" tries="Send a report" curl={kpiCurl(hooks.kpi, last)}>
        {mayTestKpis && active && <SendTestReport product={id} week={last} />}
      </Hook>
      <Hook
        title="Alerts"
        tries="Raise an alert"
        curl={alertCurl(hooks.alerts)}
        note="Also /hooks/alerts/alertmanager, grafana and uptime-kuma, each in its own words."
      >
        {isAdmin && active && (
          <Group>
            <SendTestAlert product={id} />
          </Group>
        )}
      </Hook>
      <Hook
        title="Sentry"
        tries="Say what Sentry would say"
        curl={sentryCurl(hooks.sentry, sentryProject ?? id)}
        note={
          sentryProject === null
            ? 'Name the project in Sentry first: edit this product. Sentry signs with its client secret, and needs no token.'
            : `What Sentry sends of its project ${sentryProject} is of this product. Sentry signs with its client secret, and needs no token.`
        }
      />
    </Stack>
  );
}

interface HookProps {
  readonly title: string;
  /** What the command does. */
  readonly tries: string;
  readonly curl: string;
  readonly note?: string;
  readonly children?: ReactNode;
}

function Hook({ title, tries, curl, note, children }: HookProps) {
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="sm">
        <Title order={2} size="h5">
          {title}
        </Title>
        {note !== undefined && (
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {note}
          </Text>
        )}
        <CopyField label={tries} text={curl} />
        {children !== undefined && children !== false && (
          <>
            <Divider />
            {children}
          </>
        )}
      </Stack>
    </Paper>
  );
}
