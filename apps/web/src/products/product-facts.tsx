import { Anchor, SimpleGrid, Stack, Text } from '@mantine/core';
import { type ReactNode } from 'react';
import { type Product } from './product-queries';

/** Who stands behind a product, where it is, and when its week is due. */
export function ProductFacts({ product }: { readonly product: Product }) {
  const { owner, admins, week, url, repository, sentryProject } = product;
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, md: 6 }} spacing="md">
      <Fact label="Owner">{owner}</Fact>
      <Fact label="Hear of its alerts">{admins.length === 0 ? 'all admins' : admins.join(', ')}</Fact>
      <Fact label="Report due">
        {week.dueBy}, {week.timezone}
      </Fact>
      <Fact label="Address">
        <Address url={url} />
      </Fact>
      <Fact label="Repository">
        <Address url={repository} />
      </Fact>
      <Fact label="In Sentry">{sentryProject ?? '–'}</Fact>
    </SimpleGrid>
  );
}

function Address({ url }: { readonly url: string | null }) {
  if (url === null) return '–';
  return (
    <Anchor href={url} target="_blank" rel="noreferrer" size="sm">
      {url.replace(/^https?:\/\//, '')}
    </Anchor>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Stack gap={0} style={{ minWidth: 0 }}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text component="div" size="sm" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </Stack>
  );
}
