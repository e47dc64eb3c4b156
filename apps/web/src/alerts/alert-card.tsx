import { Anchor, Badge, Group, Paper, Stack, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { Link } from 'react-router';
import { duration, moment } from '../shell/moment';
import { When } from '../shell/when';
import { AlertActions } from './alert-actions';
import { useHolder, type Alert } from './alert-queries';
import { SeverityBadge } from './severity-badge';
import { useNow } from './use-now';

const EVERY_MS = 30_000;

/** One alert: what is wrong, since when, and who does what about it. */
export function AlertCard({ alert }: { readonly alert: Alert }) {
  const { severity, title, detail, link, status, mayAct } = alert;
  return (
    <Paper component="li" withBorder p="sm" radius="md">
      <Stack gap={6}>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <SeverityBadge severity={severity} />
          <Text fw={600} dir="auto" style={{ overflowWrap: 'anywhere', minWidth: 0, flexGrow: 1 }}>
            {title}
          </Text>
          {link !== null && (
            <Anchor
              href={link}
              target="_blank"
              rel="noreferrer"
              size="sm"
              aria-label={`Open at ${alert.source}: ${title}`}
            >
              <IconExternalLink size={16} aria-hidden />
            </Anchor>
          )}
        </Group>
        {detail !== null && (
          <Text size="sm" dir="auto" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
            {detail}
          </Text>
        )}
        <Facts alert={alert} />
        <Standing alert={alert} />
        {status !== 'resolved' && mayAct && <AlertActions alert={alert} />}
      </Stack>
    </Paper>
  );
}

function Facts({ alert }: { readonly alert: Alert }) {
  const { source, product, kind, count, startedAt } = alert;
  return (
    <Text size="sm" c="dimmed" component="div" style={{ overflowWrap: 'anywhere' }}>
      {product !== null && (
        <>
          <Anchor component={Link} to={`/products/${product}`} size="sm" underline="always">
            {product}
          </Anchor>
          {' · '}
        </>
      )}
      {source} · {kind} · {count === 1 ? 'once' : `${count} times`} · since {moment(startedAt)} ·{' '}
      <Lasting alert={alert} />
    </Text>
  );
}

/** It runs as long as the alert is open. */
function Lasting({ alert: { startedAt, resolvedAt, durationSeconds } }: { readonly alert: Alert }) {
  const now = useNow(EVERY_MS);
  if (resolvedAt !== null) return `lasted ${duration(durationSeconds)}`;
  return `for ${duration(Math.max(0, (now.getTime() - Date.parse(startedAt)) / 1000))}`;
}

function Standing({ alert }: { readonly alert: Alert }) {
  const { status, acknowledgedBy, acknowledgedAt, snoozedUntil, heldBy, resolvedAt, resolvedBy } = alert;
  const by = acknowledgedBy ?? 'somebody';
  const words = {
    firing: null,
    acknowledged: `by ${by}`,
    snoozed: `by ${by} ${snoozedUntil === null ? 'until it recovers' : `until ${moment(snoozedUntil)}`}`,
    resolved: `${resolvedBy === null ? 'by itself' : `by ${resolvedBy}`}${resolvedAt === null ? '' : `, ${moment(resolvedAt)}`}`,
  }[status];
  return (
    <Group gap="xs">
      {words !== null && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          <Badge size="sm" variant="outline" color={status === 'resolved' ? 'teal' : 'gray'} mr={6}>
            {status}
          </Badge>
          {words}
          {status === 'acknowledged' && acknowledgedAt !== null && (
            <>
              {' '}
              <When at={acknowledgedAt} />
            </>
          )}
        </Text>
      )}
      {heldBy !== null && <Held by={heldBy} />}
    </Group>
  );
}

/** It is explained by an outage, and said to nobody while that goes on. */
function Held({ by }: { readonly by: string }) {
  const { data } = useHolder(by);
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      <Badge size="sm" variant="outline" color="grape" mr={6}>
        held back
      </Badge>
      by {data === undefined ? 'an outage' : `“${data.title}”`}
    </Text>
  );
}
